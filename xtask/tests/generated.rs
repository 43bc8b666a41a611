//! The generated files are as generated. `cargo xtask gen` runs these tests with
//! leave to write.

use std::collections::BTreeSet;
use std::path::Path;
use tella::App;
use tella_envs::{Catalog, ParamSpec, Params, Registry, RenderOptions, StepBatch};
use xtask::generated::{
    Described, PICTURES, Parameter, command_reference, compare, compare_folder, fill, gallery,
    has_marks, kind,
};

#[test]
fn command_line_reference() {
    let page = command_reference(tella::cli::command());
    compare("docs/src/reference/cli.md", &page).unwrap_or_else(|e| panic!("{e}"));
}

#[test]
fn curriculum_schema() {
    let schema = serde_json::to_string_pretty(&tella_curricula::json_schema());
    let schema = schema.unwrap_or_else(|e| panic!("{e}"));
    compare("curricula/schema.json", &format!("{schema}\n")).unwrap_or_else(|e| panic!("{e}"));
}

#[test]
fn pictures_of_environments() {
    let registry = Registry::builtin();
    let (mut kinds, mut files, mut shown) = (Vec::new(), Vec::new(), Vec::new());
    for spec in registry.specs() {
        let name = spec.name;
        if kinds.iter().any(|known| known == kind(&name)) {
            continue;
        }
        let params = registry.resolve_params(&name, &Params::new()).unwrap();
        let mut env = registry.make(&name, &params, 1, 1).unwrap();
        let mut start = StepBatch::new(env.observation_space(), 1);
        env.reset(0, Some(1), &mut start.observations).unwrap();
        let options = RenderOptions { tile_size: 16, ..RenderOptions::default() };
        let Some(frame) = env.render_rgb(0, &options) else { continue };
        let mut png = Vec::new();
        frame.write_png(&mut png).unwrap();
        kinds.push(kind(&name).to_owned());
        files.push((format!("{name}.png"), png));
        shown.push((name, spec.summary));
    }
    compare_folder(PICTURES, &files).unwrap_or_else(|e| panic!("{e}"));
    compare("docs/src/reference/environments/pictures.md", &gallery(&shown))
        .unwrap_or_else(|e| panic!("{e}"));
}

fn parameters(specs: &[ParamSpec]) -> Vec<Parameter> {
    let in_words = |spec: &ParamSpec| Parameter {
        name: spec.name.clone(),
        default: spec.default.to_string(),
        allowed: spec.kind.describe(),
        meaning: spec.help.clone(),
    };
    specs.iter().map(in_words).collect()
}

/// All environments and agents of the program.
fn described() -> Vec<Described> {
    let App { envs, agents, .. } = App::builtin();
    let spaces = |name: &str| {
        let params = envs.resolve_params(name, &Params::new()).ok()?;
        let (observations, actions) = envs.spaces(name, &params).ok()?;
        Some((observations.to_string(), actions.to_string()))
    };
    let envs = envs.specs().into_iter().map(|spec| Described {
        spaces: spaces(&spec.name),
        params: parameters(&spec.params),
        name: spec.name,
        summary: spec.summary,
    });
    let agents = agents.specs().into_iter().map(|spec| Described {
        spaces: None,
        params: parameters(&spec.params),
        name: spec.name,
        summary: spec.summary,
    });
    envs.chain(agents).collect()
}

fn pages(folder: &Path, found: &mut Vec<String>) {
    for entry in fs_err::read_dir(xtask::root().join(folder)).unwrap_or_else(|e| panic!("{e}")) {
        let path = folder.join(entry.unwrap_or_else(|e| panic!("{e}")).file_name());
        if path.extension().is_some_and(|e| e == "md") {
            found.push(path.display().to_string());
        } else if xtask::root().join(&path).is_dir() {
            pages(&path, found);
        }
    }
}

/// Every environment and agent is told of on some page of the reference, with its parameters.
#[test]
fn parameter_tables() {
    let (known, mut told, mut found) = (described(), BTreeSet::new(), Vec::new());
    pages(Path::new("docs/src/reference"), &mut found);
    for path in found {
        let page =
            fs_err::read_to_string(xtask::root().join(&path)).unwrap_or_else(|e| panic!("{e}"));
        if !has_marks(&page) {
            continue;
        }
        let filled = fill(&page, &known, &mut told).unwrap_or_else(|e| panic!("{path}: {e}"));
        compare(&path, &filled).unwrap_or_else(|e| panic!("{e}"));
    }
    for one in known {
        assert!(told.contains(&one.name), "no page of the reference tells of {}", one.name);
    }
}

#[test]
fn metric_pages() {
    for family in tella_metrics::Family::ALL {
        let path = format!("docs/src/reference/metrics/{}.md", family.key());
        compare(&path, &tella_metrics::page(family)).unwrap_or_else(|e| panic!("{e}"));
    }
}
