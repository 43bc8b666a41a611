//! Checks that need to know the environments: names, parameters, spaces.

use crate::diagnostics::{Reporter, Span};
use crate::document::hints::near;
use crate::document::node::quote;
use crate::document::read::At;
use crate::plan::{Plan, PlanVariant};
use std::collections::HashMap;
use tella_envs::wrappers::adapted_spaces;
use tella_envs::{Catalog, ParamError, ParamSource, ParamValue, Params, Space};

/// Environments whose spaces are asked for; each is made once for that.
const MOST_MADE: usize = 1000;

/// Most combinations of the edges of a variant's parameters that are looked at; where
/// there are more, one parameter at a time is taken to its edges.
const MOST_CORNERS: usize = 64;

/// Reports unknown environments, parameters that an environment does not take,
/// and spaces that differ between variants.
pub(crate) fn environments(plan: &Plan, catalog: &dyn Catalog, report: &mut Reporter<'_>) {
    let mut first: Option<(&PlanVariant, (Space, Space))> = None;
    let mut spaces = KnownSpaces { catalog, known: HashMap::new() };
    for variant in &plan.tasks.variants {
        let Some(env) = &variant.env else { continue };
        let Some(corners) = check_variant(variant, catalog, report) else { continue };
        let Some(spaces) = spaces.of_corners(variant, env, &corners, report) else { continue };
        let adapters = &variant.adapters;
        let spaces = match adapted_spaces(&spaces.0, &spaces.1, &adapters.value) {
            Ok(spaces) => spaces,
            Err(error) => {
                let label = quote(&variant.label());
                report
                    .error(adapters.span, format!("the adapters do not fit {label}: {error}"))
                    .hint(format!("its spaces are {} and {}", spaces.0, spaces.1));
                continue;
            }
        };
        match &first {
            None => first = Some((variant, spaces)),
            Some((other, expected)) => compare(variant, &spaces, other, expected, report),
        }
    }
}

/// The spaces of environments, each made once.
struct KnownSpaces<'c> {
    catalog: &'c dyn Catalog,
    known: HashMap<(String, String), Result<(Space, Space), String>>,
}

impl KnownSpaces<'_> {
    /// The spaces at all corners of a variant's parameters, which must be the same;
    /// `None` where they are not, or the environment cannot be made, or is not looked at.
    fn of_corners(
        &mut self,
        variant: &PlanVariant,
        env: &At<String>,
        corners: &[Params],
        report: &mut Reporter<'_>,
    ) -> Option<(Space, Space)> {
        let mut first: Option<((Space, Space), &Params)> = None;
        for params in corners {
            let key = (env.value.clone(), key(params));
            if self.known.len() >= MOST_MADE && !self.known.contains_key(&key) {
                continue;
            }
            let made = self.known.entry(key).or_insert_with(|| {
                self.catalog.spaces(&env.value, params).map_err(|error| error.to_string())
            });
            let spaces = match made {
                Ok(spaces) => spaces,
                Err(error) => {
                    let place = varying(variant, params);
                    let at =
                        if place.is_empty() { String::new() } else { format!(" with {place}") };
                    // What an environment in Python raised comes with the user's frames, a line each.
                    let error = error.lines().map(str::trim).collect::<Vec<_>>().join("; ");
                    let message =
                        format!("environment {} cannot be made{at}: {error}", quote(&env.value));
                    report.error(env.span, message);
                    return None;
                }
            };
            let Some((expected, other)) = &first else {
                first = Some((spaces.clone(), params));
                continue;
            };
            for (what, found, expected) in
                [("observation", &spaces.0, &expected.0), ("action", &spaces.1, &expected.1)]
            {
                if found != expected {
                    let message = format!(
                        "the {what} space of {} changes with its parameters: {expected} with {}, {} with {}",
                        quote(&variant.label()),
                        varying(variant, other),
                        differently(found, expected),
                        varying(variant, params),
                    );
                    let span = variant.params.values().find(|p| !p.value.value.is_fixed());
                    report
                        .error(span.map_or(variant.span, |p| p.value.span), message)
                        .hint("only parameters that leave the spaces as they are can vary");
                    return None;
                }
            }
        }
        first.map(|(spaces, _)| spaces)
    }
}

/// The values of the parameters that vary.
fn varying(variant: &PlanVariant, params: &Params) -> String {
    let varies = |name: &str| variant.params.get(name).is_some_and(|p| !p.value.value.is_fixed());
    let values = params.iter().filter(|(name, _)| varies(name));
    values.map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join(", ")
}

/// `found`, told from `expected` also where both look alike.
fn differently(found: &Space, expected: &Space) -> String {
    match found.to_string() == expected.to_string() {
        true => "other bounds".to_owned(),
        false => found.to_string(),
    }
}

/// Equal parameters as equal text.
fn key(params: &Params) -> String {
    params.iter().map(|(name, value)| format!("{name}={};", value.describe())).collect()
}

/// The complete parameters at every corner, where name and parameters are right.
fn check_variant(
    variant: &PlanVariant,
    catalog: &dyn Catalog,
    report: &mut Reporter<'_>,
) -> Option<Vec<Params>> {
    let env = variant.env.as_ref()?;
    if catalog.spec(&env.value).is_none() {
        let message = format!("no environment is called {}", quote(&env.value));
        report.error(env.span, message).hint_with(|| {
            let names = catalog.names();
            match near(&env.value, names.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`? `tella env list` lists them all"),
                None => format!("`tella env list` lists all {}", names.len()),
            }
        });
        return None;
    }
    check_params(variant, env, catalog, report)
}

/// The complete parameters at every corner, where they are right.
fn check_params(
    variant: &PlanVariant,
    env: &At<String>,
    catalog: &dyn Catalog,
    report: &mut Reporter<'_>,
) -> Option<Vec<Params>> {
    let spec = catalog.spec(&env.value)?;
    let (specs, continuing) = (spec.params, spec.continuing);
    let mut misfits = false;
    let mut corners: Vec<(&String, Vec<ParamValue>)> = Vec::new();
    for (name, param) in &variant.params {
        let source = &param.value.value;
        let spec = specs.iter().find(|spec| spec.name == *name);
        match (source, spec) {
            (ParamSource::Fixed(value), _) => corners.push((name, vec![value.clone()])),
            _ if continuing => {
                let message = format!(
                    "parameter {} varies from episode to episode, but the world of {} goes on from one to the next",
                    quote(name),
                    quote(&env.value)
                );
                report.error(param.value.span, message).hint("give it one value");
                misfits = true;
            }
            // Whatever the value: the name is what will be found wrong.
            (_, None) => corners.push((name, vec![ParamValue::Bool(true)])),
            (_, Some(spec)) => match source.fits(&spec.kind) {
                Ok(()) => corners.push((name, source.corners(&spec.kind))),
                Err(why) => {
                    report.error(param.value.span, format!("parameter {}: {why}", quote(name)));
                    misfits = true;
                }
            },
        }
    }
    let mut complete = Vec::new();
    for given in combinations(&corners) {
        match catalog.resolve_params(&env.value, &given) {
            Ok(params) => complete.push(params),
            Err(errors) => {
                report_params(variant, env, errors, report);
                return None;
            }
        }
    }
    (!misfits).then_some(complete)
}

/// All combinations of values where they are few, else each value once with the first
/// of every other parameter.
fn combinations(corners: &[(&String, Vec<ParamValue>)]) -> Vec<Params> {
    let first: Params =
        corners.iter().map(|(name, values)| ((*name).clone(), values[0].clone())).collect();
    let count = corners.iter().try_fold(1usize, |n, (_, values)| n.checked_mul(values.len()));
    let mut all = vec![first.clone()];
    for (name, values) in corners {
        let others = &values[1..];
        let bases = match count {
            Some(count) if count <= MOST_CORNERS => all.clone(),
            _ => vec![first.clone()],
        };
        for (base, value) in bases.iter().flat_map(|b| others.iter().map(move |v| (b, v))) {
            let mut params = base.clone();
            params.insert((*name).clone(), value.clone());
            all.push(params);
        }
    }
    all
}

fn report_params(
    variant: &PlanVariant,
    env: &At<String>,
    errors: Vec<ParamError>,
    report: &mut Reporter<'_>,
) {
    for error in errors {
        let span = place(variant, &error);
        let message = match &error {
            ParamError::Unknown { name, .. } => {
                format!("environment {} has no parameter {}", quote(&env.value), quote(name))
            }
            other => other.to_string(),
        };
        report.error(span, message).maybe_hint(error.hint());
    }
}

/// Where a parameter's error is: an unknown name at the name, else at the value.
fn place(variant: &PlanVariant, error: &ParamError) -> Span {
    match (variant.params.get(error.name()), error) {
        (Some(param), ParamError::Unknown { .. }) => param.span,
        (Some(param), _) => param.value.span,
        (None, _) => variant.span,
    }
}

fn compare(
    variant: &PlanVariant,
    spaces: &(Space, Space),
    other: &PlanVariant,
    expected: &(Space, Space),
    report: &mut Reporter<'_>,
) {
    let pairs = [("observation", &spaces.0, &expected.0), ("action", &spaces.1, &expected.1)];
    for (what, found, expected) in pairs {
        if found == expected {
            continue;
        }
        let difference = if found.to_string() == expected.to_string() {
            format!("{found} with bounds other than")
        } else {
            format!("{found}, not {expected} as")
        };
        let (label, first) = (quote(&variant.label()), quote(&other.label()));
        let message = format!("the {what} space of {label} is {difference} that of {first}");
        let env = |v: &PlanVariant| v.env.as_ref().map_or(v.span, |e| e.span);
        // Variants that share their task's environment differ in their parameters.
        let shared = env(variant) == env(other);
        let (span, other_span) =
            if shared { (variant.span, other.span) } else { (env(variant), env(other)) };
        report.error(span, message).related(other_span, format!("{first} is here")).hint(
            "all variants share one observation and one action space; `adapters` bring them \
                 together: pad, one-hot, flatten, resize, action-subset",
        );
    }
}
