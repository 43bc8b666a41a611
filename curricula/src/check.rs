//! Checks that need to know the environments: names, parameters, spaces.

use crate::diagnostics::{Reporter, Span};
use crate::document::hints::near;
use crate::document::node::quote;
use crate::plan::{Plan, PlanVariant};
use std::collections::HashMap;
use tella_envs::wrappers::adapted_spaces;
use tella_envs::{Catalog, ParamError, Params, Space};

/// Environments whose spaces are asked for; each is made once for that.
const MOST_MADE: usize = 1000;

/// Reports unknown environments, parameters that an environment does not take,
/// and spaces that differ between variants.
pub(crate) fn environments(plan: &Plan, catalog: &dyn Catalog, report: &mut Reporter<'_>) {
    let mut first: Option<(&PlanVariant, (Space, Space))> = None;
    let mut known: HashMap<(String, String), Option<(Space, Space)>> = HashMap::new();
    for variant in &plan.tasks.variants {
        let Some(env) = &variant.env else { continue };
        let Some(params) = check_variant(variant, catalog, report) else { continue };
        let key = (env.value.clone(), key(&params));
        if known.len() >= MOST_MADE && !known.contains_key(&key) {
            continue;
        }
        let spaces = known.entry(key).or_insert_with(|| {
            catalog
                .spaces(&env.value, &params)
                .map_err(|error| {
                    let message =
                        format!("environment {} cannot be made: {error}", quote(&env.value));
                    report.error(env.span, message);
                })
                .ok()
        });
        let Some(spaces) = spaces else { continue };
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

/// Equal parameters as equal text.
fn key(params: &Params) -> String {
    params.iter().map(|(name, value)| format!("{name}={};", value.describe())).collect()
}

/// The complete parameters, where name and parameters are right.
fn check_variant(
    variant: &PlanVariant,
    catalog: &dyn Catalog,
    report: &mut Reporter<'_>,
) -> Option<Params> {
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
    match catalog.resolve_params(&env.value, &variant.params()) {
        Ok(params) => Some(params),
        Err(errors) => {
            for error in errors {
                let span = place(variant, &error);
                let message = match &error {
                    ParamError::Unknown { name, .. } => {
                        format!(
                            "environment {} has no parameter {}",
                            quote(&env.value),
                            quote(name)
                        )
                    }
                    other => other.to_string(),
                };
                report.error(span, message).maybe_hint(error.hint());
            }
            None
        }
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
