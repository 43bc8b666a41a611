//! Tables of environments, agents and their parameters, filled in between two marks of a page
//! that is otherwise written by hand:
//!
//! ```text
//! <!-- generated: environments MiniGrid-DoorKey-* -->
//! <!-- generated: parameters CartPole-v0 CartPole-v1 -->
//! <!-- generated: families minigrid -->
//! <!-- end of generated -->
//! ```
//!
//! The first names environments with what they are and then their parameters, the second has
//! the parameters alone, the third links the pages of a collection's families. A name may end in `*`. After the word `without` stand parameters that
//! the page tells of elsewhere.

use super::Family;
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;

const BEGIN: &str = "<!-- generated: ";
const END: &str = "<!-- end of generated -->";

/// An environment or agent, in words.
#[derive(Clone, Debug)]
pub struct Described {
    /// Its name.
    pub name: String,
    /// What it is.
    pub summary: String,
    /// Observation and action space of an environment.
    pub spaces: Option<(String, String)>,
    /// Its parameters.
    pub params: Vec<Parameter>,
}

/// A parameter, in words.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// The value where none is given.
    pub default: String,
    /// What is allowed.
    pub allowed: String,
    /// What it means.
    pub meaning: String,
}

/// Whether a page has anything to fill in.
pub fn has_marks(page: &str) -> bool {
    page.contains(BEGIN)
}

/// The page with what stands between its marks made anew from `known` and `families`. Names
/// that were told of are added to `told`.
pub fn fill(
    page: &str,
    known: &[Described],
    families: &[Family],
    told: &mut BTreeSet<String>,
) -> Result<String> {
    let mut filled = String::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (words, after) = after.split_once(" -->").context("a mark does not end")?;
        let (_, after) = after.split_once(END).with_context(|| format!("`{words}`: no end"))?;
        let section = match words.strip_prefix("families ") {
            Some(collection) => list(collection, families)?,
            None => section(words, known, told)?,
        };
        filled.push_str(&format!("{before}{BEGIN}{words} -->\n\n{section}\n{END}"));
        rest = after;
    }
    Ok(filled + rest)
}

/// The families of a collection, with links.
fn list(collection: &str, families: &[Family]) -> Result<String> {
    let found: Vec<String> =
        families.iter().filter(|f| f.collection == collection).map(Family::line).collect();
    if found.is_empty() {
        bail!("`{collection}` is the name of no collection");
    }
    Ok(found.concat())
}

/// Tables of the environments called `names`, which `known` has; the parameters `elsewhere`
/// are left out where they take them.
pub(super) fn tables(
    names: &[String],
    elsewhere: &[String],
    known: &[Described],
) -> Result<String> {
    let chosen: Vec<&Described> = known.iter().filter(|one| names.contains(&one.name)).collect();
    let elsewhere: Vec<&str> = elsewhere.iter().map(String::as_str).collect();
    if chosen.is_empty() {
        bail!("there is nothing to tell of");
    }
    Ok(tables_of(&chosen, &elsewhere, true))
}

fn section(words: &str, known: &[Described], told: &mut BTreeSet<String>) -> Result<String> {
    let (kind, patterns) = words.split_once(' ').context("a mark names what it is for")?;
    let (patterns, elsewhere) = patterns.split_once(" without ").unwrap_or((patterns, ""));
    let elsewhere: Vec<&str> = elsewhere.split_whitespace().collect();
    let mut chosen: Vec<&Described> = Vec::new();
    for pattern in patterns.split_whitespace() {
        let before = chosen.len();
        chosen.extend(known.iter().filter(|one| match pattern.strip_suffix('*') {
            Some(start) => one.name.starts_with(start),
            None => one.name == pattern,
        }));
        if chosen.len() == before {
            bail!("`{pattern}` is the name of nothing");
        }
    }
    for name in &elsewhere {
        if chosen.iter().any(|one| one.params.iter().all(|param| param.name != *name)) {
            bail!("`{words}`: not all of these take `{name}`");
        }
    }
    told.extend(chosen.iter().map(|one| one.name.clone()));
    let with_names = match kind {
        "environments" => true,
        "parameters" => false,
        _ => bail!("`{kind}`: expected `environments` or `parameters`"),
    };
    Ok(tables_of(&chosen, &elsewhere, with_names))
}

/// Tables of `chosen`, with what they are where `with_names`.
fn tables_of(chosen: &[&Described], elsewhere: &[&str], with_names: bool) -> String {
    // Neighbours that differ in no more than defaults share their tables.
    let groups: Vec<&[&Described]> = chosen.chunk_by(|a, b| same_params(a, b)).collect();
    let mut common = if groups.len() > 1 { common(chosen) } else { Vec::new() };
    let differs = |name: &&str| !shared(chosen, |one| default(one, name));
    // Without a table of names nothing could say whose default is which.
    common.retain(|name| with_names || !differs(name));
    common.retain(|name| !elsewhere.contains(name));
    let columns: Vec<&str> = common.iter().copied().filter(differs).collect();
    let mut parts = Vec::new();
    let same_spaces = with_names && shared(chosen, |one| one.spaces.clone());
    if same_spaces {
        parts.extend(spaces(chosen[0]));
    }
    for group in groups {
        if with_names {
            parts.extend(environments(group, same_spaces, &columns));
        } else if chosen.len() > 1 {
            let names: Vec<String> = group.iter().map(|one| code(&one.name)).collect();
            parts.push(format!("{}:\n", names.join(", ")));
        }
        let own = |param: &&Parameter| {
            ![common.as_slice(), elsewhere].iter().any(|names| names.contains(&param.name.as_str()))
        };
        parts.push(parameters(group, own, with_names));
    }
    if !common.is_empty() {
        parts.push("All of these take:\n".to_owned());
        let all = |param: &&Parameter| common.contains(&param.name.as_str());
        parts.push(parameters(chosen, all, with_names));
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

fn same_params(a: &Described, b: &Described) -> bool {
    a.params.len() == b.params.len() && a.params.iter().zip(&b.params).all(|(a, b)| same(a, b))
}

/// Whether two parameters differ in no more than their default.
fn same(a: &Parameter, b: &Parameter) -> bool {
    (&a.name, &a.allowed, &a.meaning) == (&b.name, &b.allowed, &b.meaning)
}

/// The names of the parameters that all of `chosen` take.
fn common<'a>(chosen: &[&'a Described]) -> Vec<&'a str> {
    let (first, others) = chosen.split_first().expect("a section names something");
    let of_all = first
        .params
        .iter()
        .filter(|param| others.iter().all(|one| one.params.iter().any(|other| same(param, other))));
    of_all.map(|param| param.name.as_str()).collect()
}

/// Whether what `of` says is the same of all in a group.
fn shared<T: PartialEq>(group: &[&Described], of: impl Fn(&Described) -> T) -> bool {
    group.windows(2).all(|pair| of(pair[0]) == of(pair[1]))
}

/// The default of the parameter `name` of `one`.
fn default(one: &Described, name: &str) -> Option<String> {
    one.params.iter().find(|param| param.name == name).map(|param| param.default.clone())
}

fn spaces(one: &Described) -> Option<String> {
    let (observations, actions) = one.spaces.as_ref()?;
    Some(format!("Observations `{observations}`, actions `{actions}`.\n"))
}

/// A table of the environments of a group, with what differs among them, and the defaults
/// that `columns` names.
fn environments(group: &[&Described], spaces_told: bool, columns: &[&str]) -> Vec<String> {
    let same_spaces = shared(group, |one| one.spaces.clone());
    let differing: Vec<&str> = group[0]
        .params
        .iter()
        .map(|param| param.name.as_str())
        .filter(|name| columns.contains(name) || !shared(group, |one| default(one, name)))
        .collect();
    let mut head = vec!["environment".to_owned(), "task".to_owned()];
    if !same_spaces {
        head.extend(["observations".to_owned(), "actions".to_owned()]);
    }
    head.extend(differing.iter().map(|name| code(name)));
    let rows = group.iter().map(|one| {
        let mut row = vec![code(&one.name), one.summary.clone()];
        if !same_spaces {
            let (observations, actions) = one.spaces.clone().unwrap_or_default();
            row.extend([code(&observations), code(&actions)]);
        }
        row.extend(differing.iter().filter_map(|name| default(one, name)));
        row
    });
    let table = table(&head, rows);
    let spaces = if same_spaces && !spaces_told { spaces(group[0]) } else { None };
    spaces.into_iter().chain([table]).collect()
}

/// A table of those parameters of a group that `which` picks; defaults that differ stand
/// in a table above where there is one.
fn parameters(group: &[&Described], which: impl Fn(&&Parameter) -> bool, above: bool) -> String {
    if group[0].params.is_empty() {
        return "No parameters.\n".to_owned();
    }
    let head = ["parameter", "default", "allowed", "meaning"].map(str::to_owned);
    let rows: Vec<Vec<String>> = group[0]
        .params
        .iter()
        .filter(which)
        .map(|param| {
            let default = match shared(group, |one| default(one, &param.name)) {
                true => param.default.clone(),
                false if above => "see above".to_owned(),
                false => {
                    let each: Vec<String> =
                        group.iter().filter_map(|one| default(one, &param.name)).collect();
                    each.join("; ")
                }
            };
            vec![code(&param.name), default, param.allowed.clone(), param.meaning.clone()]
        })
        .collect();
    if rows.is_empty() { String::new() } else { table(&head, rows.into_iter()) }
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn table(head: &[String], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let rule = format!("|{}\n", "---|".repeat(head.len()));
    line(head) + &rule + &rows.map(|row| line(&row)).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Vec<Described> {
        let param = |name: &str, default: &str| Parameter {
            name: name.into(),
            default: default.into(),
            allowed: "a number|any".into(),
            meaning: "Size".into(),
        };
        let env = |name: &str, params| Described {
            name: name.into(),
            summary: "A room".into(),
            spaces: Some(("Box".into(), "Discrete(2)".into())),
            params,
        };
        vec![
            env("Room-5", vec![param("size", "5"), param("steps", "9")]),
            env("Room-6", vec![param("size", "6"), param("steps", "9")]),
            env("Cave", vec![param("depth", "3"), param("steps", "7")]),
        ]
    }

    #[test]
    fn sections() {
        let page = "A\n\n<!-- generated: environments Room-* Cave -->old<!-- end of generated -->\n\nB\n\
                    <!-- generated: parameters Room-6 Room-5 -->\n<!-- end of generated -->";
        let expected = "A

<!-- generated: environments Room-* Cave -->

Observations `Box`, actions `Discrete(2)`.

| environment | task | `size` | `steps` |
|---|---|---|---|
| `Room-5` | A room | 5 | 9 |
| `Room-6` | A room | 6 | 9 |

| parameter | default | allowed | meaning |
|---|---|---|---|
| `size` | see above | a number\\|any | Size |

| environment | task | `steps` |
|---|---|---|
| `Cave` | A room | 7 |

| parameter | default | allowed | meaning |
|---|---|---|---|
| `depth` | 3 | a number\\|any | Size |

All of these take:

| parameter | default | allowed | meaning |
|---|---|---|---|
| `steps` | see above | a number\\|any | Size |

<!-- end of generated -->

B
<!-- generated: parameters Room-6 Room-5 -->

`Room-6`, `Room-5`:

| parameter | default | allowed | meaning |
|---|---|---|---|
| `size` | 6; 5 | a number\\|any | Size |
| `steps` | 9 | a number\\|any | Size |

<!-- end of generated -->";
        let mut told = BTreeSet::new();
        let filled = fill(page, &known(), &[], &mut told).unwrap();
        assert_eq!(filled, expected);
        assert_eq!(told.len(), 3);
        assert_eq!(fill(&filled, &known(), &[], &mut told).unwrap(), expected, "made anew");
    }

    #[test]
    fn parameters_that_stand_elsewhere() {
        let page =
            "<!-- generated: environments Room-* without steps -->\n<!-- end of generated -->";
        let filled = fill(page, &known(), &[], &mut BTreeSet::new()).unwrap();
        assert!(filled.contains("| `size` |") && !filled.contains("`steps`"), "{filled}");
    }

    #[test]
    fn names_that_are_not_there() {
        for page in [
            "<!-- generated: environments Room-* without depth -->\n<!-- end of generated -->",
            "<!-- generated: environments Hall -->\n<!-- end of generated -->",
            "<!-- generated: pictures Cave -->\n<!-- end of generated -->",
            "<!-- generated: environments Cave -->",
        ] {
            assert!(fill(page, &known(), &[], &mut BTreeSet::new()).is_err(), "{page}");
        }
    }
}
