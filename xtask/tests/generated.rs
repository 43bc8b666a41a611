//! The generated files are as generated. `cargo xtask gen` runs these tests with
//! leave to write.

use tella_envs::{Catalog, Params, Registry, RenderOptions, StepBatch};
use xtask::generated::{PICTURES, command_reference, compare, compare_folder, gallery, kind};

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
