//! Every listed environment of a collection is one of exactly one family, and every family
//! has its texts.

use tella_envs::EnvResolver;
use tella_envs::classic::Classic;
use tella_envs::mad::MadTasks;
use tella_envs::minigrid::GridWorlds;

#[test]
fn every_environment_has_one_family() {
    for resolver in [&Classic as &dyn EnvResolver, &GridWorlds, &MadTasks] {
        let families = resolver.collection().unwrap().families;
        let names: Vec<String> = resolver.specs().into_iter().map(|spec| spec.name).collect();
        for name in &names {
            let of: Vec<&str> =
                families.iter().filter(|family| family.has(name)).map(|f| f.name).collect();
            assert_eq!(of.len(), 1, "{name} is of {of:?}");
        }
        for family in families {
            assert!(names.iter().any(|name| family.has(name)), "{} is empty", family.name);
            for text in [family.task, family.reward, family.end] {
                assert!(text.ends_with('.'), "{}: {text}", family.name);
            }
        }
    }
}
