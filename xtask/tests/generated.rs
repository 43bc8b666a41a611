//! The generated files are as generated. `cargo xtask gen` runs these tests with
//! leave to write.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tella::App;
use tella_envs::{
    Catalog, EnvCollection, EnvFamily, ParamSpec, Params, Registry, RenderOptions, StepBatch,
};
use xtask::generated::{
    Described, Family, PICTURES, Parameter, command_reference, compare, compare_folder, fill,
    gallery, has_marks, kind,
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
fn grid_schema() {
    let schema = serde_json::to_string_pretty(&tella_curricula::grid_schema());
    let schema = schema.unwrap_or_else(|e| panic!("{e}"));
    compare("curricula/grid.schema.json", &format!("{schema}\n")).unwrap_or_else(|e| panic!("{e}"));
}

/// The first environment of each kind that draws itself: name, summary, picture.
fn pictures(registry: &Registry) -> Vec<(String, String, Vec<u8>)> {
    let (mut kinds, mut found) = (Vec::new(), Vec::new());
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
        found.push((name, spec.summary, png));
    }
    found
}

#[test]
fn pictures_of_environments() {
    let (mut files, mut shown) = (Vec::new(), Vec::new());
    for (name, summary, png) in pictures(&Registry::builtin()) {
        files.push((format!("{name}.png"), png));
        shown.push((name, summary));
    }
    compare_folder(PICTURES, &files).unwrap_or_else(|e| panic!("{e}"));
    compare("docs/src/reference/environments/pictures.md", &gallery(&shown))
        .unwrap_or_else(|e| panic!("{e}"));
}

/// All families; which of their environments have pictures is left open.
fn families(registry: &Registry) -> Vec<Family> {
    let names: Vec<String> = registry.specs().into_iter().map(|spec| spec.name).collect();
    let family = |collection: &EnvCollection, family: &EnvFamily| Family {
        collection: collection.key.into(),
        name: family.name.into(),
        task: family.task.into(),
        reward: family.reward.into(),
        end: family.end.into(),
        parameters: family.parameters.into(),
        environments: names.iter().filter(|name| family.has(name)).cloned().collect(),
        pictures: Vec::new(),
        shared: collection.shared.iter().map(|name| (*name).to_owned()).collect(),
    };
    let collections = registry.collections();
    collections.iter().flat_map(|c| c.families.iter().map(|f| family(c, f))).collect()
}

/// Each family has a page with its pictures, which the summary links, and no other page lies
/// beside them.
#[test]
fn family_pages() {
    let registry = Registry::builtin();
    let (known, pictures) = (described(), pictures(&registry));
    let summary = fs_err::read_to_string(xtask::root().join("docs/src/SUMMARY.md")).unwrap();
    let mut folders: BTreeMap<String, Vec<(String, Vec<u8>)>> = BTreeMap::new();
    for mut family in families(&registry) {
        let drawn = pictures.iter().map(|(name, ..)| name);
        family.pictures = drawn.filter(|n| family.environments.contains(n)).cloned().collect();
        // Sequences of tokens have nothing to draw.
        let drawn = !family.pictures.is_empty() || family.collection == "mad";
        assert!(drawn, "{} has no picture", family.name);
        let link = format!("(reference/environments/{})", family.file());
        assert!(summary.contains(&link), "docs/src/SUMMARY.md does not link {link}");
        let page = family.page(&known).unwrap_or_else(|e| panic!("{}: {e}", family.name));
        let folder = folders.entry(family.collection.clone()).or_default();
        folder.push((family.file_name(), page.into_bytes()));
    }
    for (collection, files) in folders {
        let folder = format!("docs/src/reference/environments/{collection}");
        compare_folder(&folder, &files).unwrap_or_else(|e| panic!("{e}"));
    }
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
    let (known, families, mut found) = (described(), families(&Registry::builtin()), Vec::new());
    let mut told: BTreeSet<String> =
        families.iter().flat_map(|family| family.environments.clone()).collect();
    pages(Path::new("docs/src/reference"), &mut found);
    for path in found {
        let page =
            fs_err::read_to_string(xtask::root().join(&path)).unwrap_or_else(|e| panic!("{e}"));
        if !has_marks(&page) {
            continue;
        }
        let filled =
            fill(&page, &known, &families, &mut told).unwrap_or_else(|e| panic!("{path}: {e}"));
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
