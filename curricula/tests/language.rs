//! The language as a whole: the explicit form, the hash, overrides, the library
//! and the JSON schema.

mod common;

use common::TestCatalog;
use proptest::prelude::*;
use tella_curricula::{
    Block, BlockSubtype, BlockType, Curriculum, Document, Isolation, Length, RewardVisibility,
    Seeding, TaskBlock, TaskLabels, TaskVariant, Tune, json_schema, library, load, load_with,
};
use tella_envs::wrappers::{Actions, Adapter};
use tella_envs::{Draw, Drift, ParamSource, ParamSources, ParamValue};

#[test]
fn every_curriculum_of_the_library_is_sound() {
    for entry in library() {
        let document = load(entry.name).unwrap();
        let found = document.check(&TestCatalog);
        assert!(found.is_empty(), "{found}");
        assert_eq!(document.name(), entry.name);
        assert!(!entry.description.is_empty(), "{}", entry.name);
        let curriculum = document.resolve(7, None).unwrap();
        let again = Document::from_text(&curriculum.to_yaml(), "again").unwrap();
        assert_eq!(again.resolve(8, None).unwrap(), curriculum);
        assert_eq!(document.resolve(7, None).unwrap(), curriculum, "the same seed again");
        let other = document.resolve(8, None).unwrap();
        assert_ne!(other.content_hash(), curriculum.content_hash(), "another seed");
    }
}

/// Written down when the format was made: a hash in an old run folder must stay
/// what it is on every machine.
#[test]
fn the_hash_of_a_curriculum_stays() {
    let hash = |name: &str| load(name).unwrap().resolve(11, None).unwrap().content_hash();
    assert_eq!(
        hash("SimpleCartPole"),
        "5707ced2577c71327a086bc7bc1fef17139df1765e9a4c0ba418ae3d9570705e"
    );
    assert_eq!(
        hash("MiniGridDispersed"),
        "6c229a1a307aa95522891bb2800abdb9089ff4966db1088f8820d95eb21a8f1b"
    );
}

#[test]
fn a_whole_float_hashes_as_its_integer() {
    let with = |gravity: &str| {
        let text = format!(
            "schema: 1\nname: x\nblocks:\n  - learn: {{task: P, env: CartPole-v1, params: {{gravity: {gravity}}}}}\n    steps: 1\n"
        );
        let document = Document::from_text(&text, "x.yaml").unwrap();
        document.resolve(0, None).unwrap().content_hash()
    };
    assert_eq!(with("3"), with("3.0"));
    assert_eq!(with("-0.0"), with("0"));
    assert_ne!(with("3"), with("3.5"));
    assert_ne!(with("3"), with("\"3\""));
}

fn label() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z][A-Za-z0-9_-]{0,8}",
        proptest::sample::select(
            [
                "no",
                "5",
                "a: b",
                "a/b",
                "# x",
                "- a",
                "\"q\"",
                "é\u{2028}ü",
                "~",
                "{",
                "1e3",
                "<<",
                "*a",
                "&a",
                "null",
                "0x1",
                ".5",
                "=",
                "?",
                "a'b",
                "\u{202e}x",
                "\u{1f600}",
                "true",
                "1:30",
                "2024-01-01"
            ]
            .map(str::to_owned)
            .to_vec()
        ),
    ]
}

fn value() -> impl Strategy<Value = ParamValue> {
    prop_oneof![
        any::<bool>().prop_map(ParamValue::Bool),
        any::<i64>().prop_map(ParamValue::Int),
        any::<f64>().prop_filter("finite", |x| x.is_finite()).prop_map(ParamValue::Float),
        prop_oneof![label(), any::<String>()].prop_map(ParamValue::Text),
    ]
}

fn finite() -> impl Strategy<Value = f64> {
    any::<f64>().prop_filter("finite", |x| x.is_finite())
}

/// Sources of every kind, sound ones.
fn source() -> impl Strategy<Value = ParamSource> {
    let range = || (finite(), finite()).prop_map(|(a, b)| (a.min(b) / 2.0, a.max(b) / 2.0));
    let choice = prop::collection::vec((value(), 0.1..9.0f64), 1..4);
    let draw = prop_oneof![
        range().prop_map(|(low, high)| Draw::Uniform { low, high }),
        (1e-300..1.0f64, 1.0..1e300f64).prop_map(|(low, high)| Draw::LogUniform { low, high }),
        (finite(), 0.0..1e300f64, range(), any::<[bool; 2]>()).prop_map(
            |(mean, sigma, range, some)| {
                let (low, high) = (some[0].then_some(range.0), some[1].then_some(range.1));
                Draw::Normal { mean, sigma, low, high }
            }
        ),
        (-(1i64 << 53)..=0, 0..=1i64 << 53).prop_map(|(low, high)| Draw::Integers { low, high }),
        (choice, any::<bool>()).prop_map(|(choices, weighted)| {
            let (values, weights): (_, Vec<f64>) = choices.into_iter().unzip();
            Draw::Choice { values, weights: if weighted { weights } else { Vec::new() } }
        }),
    ];
    prop_oneof![
        value().prop_map(ParamSource::Fixed),
        (finite(), finite(), 2..=i64::MAX as u64)
            .prop_map(|(from, to, over)| ParamSource::Drift(Drift { from, to, over })),
        draw.prop_map(ParamSource::Draw),
    ]
}

fn adapter() -> impl Strategy<Value = Adapter> {
    let shape = prop::collection::vec(1..100usize, 0..4);
    prop_oneof![
        Just(Adapter::OneHot),
        Just(Adapter::Flatten),
        shape.prop_map(|shape| Adapter::Pad { shape }),
        any::<[u8; 2]>().prop_map(|s| Adapter::Resize { shape: s.map(|n| n as usize + 1) }),
        (1..100i64).prop_map(|n| Adapter::ActionSubset(Actions::First { n })),
        any::<Vec<i64>>().prop_map(|a| Adapter::ActionSubset(Actions::Listed(a))),
    ]
}

fn variant() -> impl Strategy<Value = TaskVariant> {
    let params = prop::collection::btree_map(label(), source(), 0..3);
    // All lengths together are no more than 63 bits hold.
    let length = (1..=i64::MAX as u64 >> 6, any::<bool>())
        .prop_map(|(n, steps)| if steps { Length::Steps(n) } else { Length::Episodes(n) });
    let adapters = prop::collection::vec(adapter(), 0..3);
    (label(), label(), params, adapters, any::<u64>(), length).prop_map(
        |(variant, env, params, adapters, seed, length): (_, _, ParamSources, _, _, _)| {
            TaskVariant {
                variant,
                env,
                params,
                adapters,
                seed,
                length,
                continues: false,
                held_out: false,
            }
        },
    )
}

fn block() -> impl Strategy<Value = Block> {
    let variants = prop::collection::vec(variant(), 1..3);
    let task_block = (label(), variants).prop_map(|(task, variants)| TaskBlock { task, variants });
    (any::<bool>(), any::<bool>(), prop::collection::vec(task_block, 1..3)).prop_map(
        |(learn, sleep, task_blocks)| Block {
            block_type: if learn { BlockType::Learn } else { BlockType::Eval },
            block_subtype: if sleep { BlockSubtype::Sleep } else { BlockSubtype::Wake },
            task_blocks,
        },
    )
}

proptest! {
    /// The explicit file of a curriculum reads back as that curriculum. Labels are
    /// free here, so either `compat: tella` is on, which lets them repeat but no
    /// parameter vary, or every label is made another one.
    #[test]
    fn the_explicit_form_reads_back(
        name in "[A-Za-z][A-Za-z0-9 _-]{0,8}[a-z]",
        labels in 0..3, rewards: bool,
        mut blocks in prop::collection::vec(block(), 1..4),
        compat: bool, fraction in 1e-9..0.999f64,
    ) {
        let variants = blocks.iter_mut().flat_map(|b| &mut b.task_blocks).flat_map(|t| &mut t.variants);
        for (n, variant) in variants.enumerate() {
            if compat {
                variant.params.retain(|_, source| source.is_fixed());
            } else {
                variant.variant = format!("{} {n}", variant.variant);
            }
        }
        let evaluated = blocks.iter_mut().filter(|b| b.block_type == BlockType::Eval);
        for variant in evaluated.flat_map(|b| &mut b.task_blocks).flat_map(|t| &mut t.variants) {
            variant.held_out = variant.seed % 2 == 0 && !compat;
        }
        let learned = blocks.iter().filter(|b| b.block_type == BlockType::Learn);
        let variants = learned.flat_map(|b| &b.task_blocks).flat_map(|t| &t.variants);
        let mut units: Vec<&str> = variants.map(|v| v.length.unit()).collect();
        units.dedup();
        let curriculum = Curriculum {
            name,
            scenario_type: "custom".into(),
            seeding: if compat { Seeding::GymVector } else { Seeding::PerEpisode },
            task_labels: [TaskLabels::Visible, TaskLabels::Boundaries, TaskLabels::Hidden][labels as usize],
            isolation: if compat { Isolation::None } else { Isolation::Restore },
            eval_rewards: if rewards { RewardVisibility::Visible } else { RewardVisibility::Hidden },
            number_incomplete: !compat,
            tune: (units.len() == 1).then_some(Tune { fraction }),
            blocks,
        };
        let yaml = curriculum.to_yaml();
        let document = Document::from_text(&yaml, "x.yaml").map_err(|e| TestCaseError::fail(e.to_string()))?;
        let again = document.resolve(3, None).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(&again, &curriculum);
        prop_assert_eq!(again.to_yaml(), yaml);
        prop_assert_eq!(again.content_hash(), curriculum.content_hash());
    }
}

fn set(name: &str, sets: &[&str]) -> Result<Curriculum, String> {
    let sets: Vec<String> = sets.iter().map(|s| s.to_string()).collect();
    let document = load_with(name, &sets).map_err(|e| e.to_string())?;
    let found = document.check(&TestCatalog);
    if found.has_errors() {
        return Err(found.to_string());
    }
    Ok(document.resolve(0, None).unwrap())
}

#[test]
fn overrides_change_the_document() {
    let short =
        set("CartPole-1000", &["generator.passes=2", "generator.learn.episodes=5"]).unwrap();
    assert_eq!(short.blocks.len(), 5);
    assert_eq!(short.blocks[1].task_blocks[0].variants[0].length, Length::Episodes(5));
    let hidden = set("SimpleCartPole", &["task_labels=hidden", "blocks[1].episodes=9"]).unwrap();
    assert_eq!(hidden.task_labels, TaskLabels::Hidden);
    assert_eq!(hidden.blocks[1].task_blocks[0].variants[0].length, Length::Episodes(9));
    let quoted =
        set("SimpleCartPole", &["tasks.\"CartPole\"={env: CartPole-v1, params: {gravity: 3}}"]);
    let variant = quoted.unwrap().blocks[0].task_blocks[0].variants[0].clone();
    assert_eq!(variant.params["gravity"], ParamSource::Fixed(ParamValue::Int(3)));
}

#[test]
fn overrides_that_are_wrong() {
    for (text, expected) in [
        ("generator.passes", "error: an override is `key.path=value`\n --> --set:1:1\n"),
        ("generator.pases=2", "error: unknown key `pases` in `generator`\n --> --set:1:11\n"),
        ("genrator.passes=2", "error: there is no key `genrator`\n --> --set:1:1\n"),
        ("genrator.passes=2", "hint: did you mean `generator`?"),
        ("generator.passes=none", "found the string `none`\n --> --set:1:18\n"),
        ("generator.passes=[", "error: not valid YAML"),
        ("generator.passes=0", "error: `passes` is 0, at least 1 is allowed\n --> --set:1:18\n"),
        ("generator[0]=1", "the path has an index where the file has no list"),
        ("name.x=1", "the path goes on to `x` where the file has no mapping"),
        ("..=1", "error: `..` is not a path of keys\n --> --set:1:1\n"),
        ("=1", "error: `` is not a path of keys"),
        ("é.x=1", "error: there is no key `é`"),
        (
            "generator.learn.episods=1",
            "1 | generator.learn.episods=1\n  |                 ^^^^^^^\n",
        ),
        (" generator.lern.x=1", "1 |  generator.lern.x=1\n  |            ^^^^\n"),
        ("tasks.\"A\"[3].x=1", "1 | tasks.\"A\"[3].x=1\n  |       ^^^\n"),
    ] {
        let error = set("CartPole-1000", &[text]).unwrap_err();
        assert!(error.contains(expected), "{text}: {error}");
    }
    let error = set("SimpleCartPole", &["blocks[2].episodes=1"]).unwrap_err();
    assert!(error.contains("hint: the list has 2 items, numbered from 0"), "{error}");
    assert!(error.contains("1 | blocks[2].episodes=1\n  |       ^^^\n"), "{error}");
}

/// What one override sets another does not set again, nor replace with all around it; a
/// part of it may be changed.
#[test]
fn no_override_undoes_another() {
    let twice = set("SimpleCartPole", &["blocks[0].episodes=3", "blocks[0].\"episodes\"=3"]);
    let error = twice.unwrap_err();
    assert!(error.starts_with("error: `blocks[0].\"episodes\"` is set more than once"), "{error}");
    assert!(error.contains("note: first set here\n --> --set:1:1\n"), "{error}");
    let around = set("SimpleCartPole", &["blocks[0].episodes=3", "blocks[0]={learn: CartPole}"]);
    assert!(around.unwrap_err().contains("`blocks[0]` is set more than once"));
    let part = ["blocks[0]={learn: CartPole, episodes: 3}", "blocks[0].episodes=4"];
    let part = set("SimpleCartPole", &part).unwrap();
    assert_eq!(part.blocks[0].task_blocks[0].variants[0].length, Length::Episodes(4));
}

/// `curricula/schema.json` is what the program makes; `UPDATE_GOLDEN=1` writes it.
#[test]
fn the_schema_file_is_fresh() {
    let made = format!("{:#}\n", json_schema());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs_err::write("schema.json", &made).unwrap();
    }
    let file = fs_err::read_to_string("schema.json").unwrap_or_default();
    assert!(file == made, "curricula/schema.json is stale: run this test with UPDATE_GOLDEN=1");
}

/// A generator's blocks written out can be more than a file written by hand may hold.
#[test]
fn an_explicit_curriculum_of_any_length_is_read_back() {
    let text = "schema: 1\nname: long\ntasks: {a: CartPole-v1}\nblocks:\n\
                - {repeat: 20000, blocks: [{learn: a, episodes: 1}]}\n";
    let curriculum = Document::from_text(text, "long.yaml").unwrap().resolve(3, None).unwrap();
    let yaml = curriculum.to_yaml();
    assert!(Document::from_text(&yaml, "explicit.yaml").is_err());
    let again = Document::from_explicit_text(&yaml, "explicit.yaml").unwrap();
    assert_eq!(again.resolve(0, None).unwrap(), curriculum);
}
