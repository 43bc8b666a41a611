//! Records of an L2Logger file to typed columns.

use super::numbers::{parse_float, parse_l2logger_time, parse_whole};
use super::scan::Raw;
use crate::reader::{LabelColumn, LogColumns, Times};
use crate::record::{BlockSubtype, BlockType};

/// What a field says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    BlockNum,
    ExpNum,
    WorkerId,
    BlockType,
    BlockSubtype,
    TaskName,
    TaskParams,
    ExpStatus,
    Timestamp,
    StepCount,
    /// A column beyond L2Logger's own, by its place in `measures`.
    Measure(usize),
}

impl Meaning {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "block_num" => Self::BlockNum,
            "exp_num" => Self::ExpNum,
            "worker_id" => Self::WorkerId,
            "block_type" => Self::BlockType,
            "block_subtype" => Self::BlockSubtype,
            "task_name" => Self::TaskName,
            "task_params" => Self::TaskParams,
            "exp_status" => Self::ExpStatus,
            "timestamp" => Self::Timestamp,
            "episode_step_count" => Self::StepCount,
            _ => return None,
        })
    }
}

/// A further column: numbers, until something else is met.
#[derive(Debug)]
struct Measure {
    name: String,
    values: Vec<f64>,
    /// The first row that is no number, and what it says.
    text: Option<(usize, String)>,
}

/// The columns of one file, or of several.
#[derive(Debug, Default)]
pub(super) struct Columns {
    meanings: Vec<Meaning>,
    lines: Vec<u32>,
    log: LogColumns,
    has_steps: bool,
    has_times: bool,
    steps: Vec<u64>,
    times: Times,
    measures: Vec<Measure>,
    /// What tells its text from others: a hash.
    pub(super) content: u64,
    /// Rows whose length is not said, and the line of the first.
    pub(super) without_steps: Option<(u64, u64)>,
}

/// Words that pandas takes for a missing value, besides nothing at all.
const MISSING: [&str; 17] = [
    "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>",
    "N/A", "NA", "NULL", "NaN", "n/a", "nan", "null",
];

impl Columns {
    /// Columns of these names. Refuses a header without those nothing can stand in for.
    pub(super) fn new(header: &[String]) -> Result<Self, String> {
        for name in ["block_num", "exp_num", "block_type", "task_name"] {
            if !header.iter().any(|h| h == name) {
                return Err(format!("there is no column `{name}`; found: {}", header.join(", ")));
            }
        }
        let mut columns = Self::default();
        for name in header {
            let meaning = Meaning::of(name).unwrap_or_else(|| {
                let measure = Measure { name: name.clone(), values: Vec::new(), text: None };
                columns.measures.push(measure);
                Meaning::Measure(columns.measures.len() - 1)
            });
            columns.has_steps |= meaning == Meaning::StepCount;
            columns.has_times |= meaning == Meaning::Timestamp;
            columns.meanings.push(meaning);
        }
        Ok(columns)
    }

    /// Room for so many rows of any file.
    pub(super) fn with_capacity(rows: usize) -> Self {
        let mut columns = Self::default();
        columns.steps.reserve(rows);
        columns.times.reserve(rows);
        columns
    }

    /// The number of rows.
    pub(super) fn len(&self) -> usize {
        self.log.block_num.len()
    }

    /// Whether rows say who lived them and when, so that no two are the same.
    pub(super) fn tells_rows_apart(&self) -> bool {
        self.len() > 0 && self.has_times && self.meanings.contains(&Meaning::WorkerId)
    }

    /// The line of each row.
    pub(super) fn lines(&self) -> &[u32] {
        &self.lines
    }

    /// The smallest number of an experience.
    pub(super) fn first_number(&self) -> Option<u64> {
        self.log.exp_num.iter().flatten().min()
    }

    /// The largest.
    pub(super) fn last_number(&self) -> Option<u64> {
        self.log.exp_num.iter().flatten().max()
    }

    /// What appends records to the columns of one file.
    pub(super) fn builder<'a>(&mut self) -> Builder<'_, 'a> {
        Builder { columns: self, previous: [None; LABELS] }
    }

    /// Appends the rows of another file. A measure that one of the two does not have is
    /// missing there.
    pub(super) fn append(&mut self, other: Self) {
        let (before, added) = (self.len(), other.len());
        self.log.block_num.append(&other.log.block_num);
        self.log.exp_num.append(&other.log.exp_num);
        self.log.worker_id.append(&other.log.worker_id);
        self.log.block_type.append(&other.log.block_type);
        self.log.block_subtype.append(&other.log.block_subtype);
        self.log.task_name.append(&other.log.task_name);
        self.log.task_params.append(&other.log.task_params);
        self.log.complete.append(&other.log.complete);
        self.steps.resize(before, 0);
        self.steps.extend(other.steps);
        self.steps.resize(before + added, 0);
        self.times.resize(before);
        self.times.append(other.times);
        self.times.resize(before + added);
        self.has_steps |= other.has_steps;
        self.has_times |= other.has_times;
        for measure in other.measures {
            let own = self.measures.iter_mut().find(|own| own.name == measure.name);
            let text = measure.text.map(|(row, text)| (before + row, text));
            match own {
                Some(own) => {
                    own.values.resize(before, f64::NAN);
                    own.values.extend(measure.values);
                    own.text = own.text.take().or(text);
                }
                None => {
                    let mut values = vec![f64::NAN; before];
                    values.extend(measure.values);
                    self.measures.push(Measure { name: measure.name, values, text });
                }
            }
        }
        for measure in &mut self.measures {
            measure.values.resize(before + added, f64::NAN);
        }
    }

    /// The columns as they are handed out.
    pub(super) fn finish(self) -> LogColumns {
        let mut log = self.log;
        log.episode_step_count = self.has_steps.then_some(self.steps);
        log.finished_at = self.has_times.then_some(self.times);
        for Measure { name, values, text } in self.measures {
            match text {
                Some(text) => {
                    log.texts.insert(name, text);
                }
                None => {
                    log.measures.insert(name, values);
                }
            }
        }
        log
    }
}

/// The columns whose fields mostly repeat the row before: worker_id, task_name, task_params,
/// block_type, block_subtype, exp_status.
const LABELS: usize = 6;

/// Pushes rows onto columns. A field that repeats the one above it costs a comparison.
pub(super) struct Builder<'c, 'a> {
    columns: &'c mut Columns,
    previous: [Option<Raw<'a>>; LABELS],
}

impl<'a> Builder<'_, 'a> {
    /// Appends a record.
    ///
    /// # Errors
    ///
    /// What is wrong with it and what is allowed; the columns are of no use then.
    #[inline]
    pub(super) fn push(&mut self, line: u64, fields: &[Raw<'a>]) -> Result<(), String> {
        let columns = &mut *self.columns;
        if fields.len() != columns.meanings.len() {
            let named = columns.meanings.len();
            return Err(format!("{} fields where {named} columns are named", fields.len()));
        }
        let row = columns.len();
        let (mut subtype, mut complete) = (BlockSubtype::Wake, true);
        let log = &mut columns.log;
        for (meaning, field) in columns.meanings.iter().zip(fields) {
            let missing = field.bytes.is_empty();
            let previous = &mut self.previous;
            match meaning {
                Meaning::BlockNum => {
                    log.block_num.push(whole(*field, "block_num")?.ok_or("`block_num` is empty")?);
                }
                Meaning::ExpNum => log.exp_num.push(whole(*field, "exp_num")?),
                // What is missing is nothing that the next row could repeat.
                Meaning::WorkerId if missing => previous[0] = None,
                Meaning::WorkerId => push_label(&mut log.worker_id, &mut previous[0], *field),
                Meaning::TaskName if missing => return Err("`task_name` is empty".to_owned()),
                Meaning::TaskName => push_label(&mut log.task_name, &mut previous[1], *field),
                Meaning::TaskParams => push_label(&mut log.task_params, &mut previous[2], *field),
                Meaning::BlockType if missing => return Err("`block_type` is empty".to_owned()),
                Meaning::BlockType => {
                    let same = repeats(&mut previous[3], *field);
                    let last = log.block_type.last().filter(|_| same);
                    let parse = || word(*field, "block_type", BlockType::parse, "train, test");
                    log.block_type.push(last.map_or_else(parse, Ok)?);
                }
                Meaning::BlockSubtype if missing => previous[4] = None,
                Meaning::BlockSubtype => {
                    let same = repeats(&mut previous[4], *field);
                    let last = log.block_subtype.last().filter(|_| same);
                    let parse =
                        || word(*field, "block_subtype", BlockSubtype::parse, "wake, sleep");
                    subtype = last.map_or_else(parse, Ok)?;
                }
                Meaning::ExpStatus if missing => previous[5] = None,
                Meaning::ExpStatus => {
                    let same = repeats(&mut previous[5], *field);
                    let last = log.complete.last().filter(|_| same);
                    let parse = || word(*field, "exp_status", status, "complete, incomplete");
                    complete = last.map_or_else(parse, Ok)?;
                }
                Meaning::Timestamp => columns.times.push(time(*field)?),
                Meaning::StepCount => {
                    let steps = whole(*field, "episode_step_count")?;
                    if steps.is_none() {
                        let (_, rows) = columns.without_steps.get_or_insert((line, 0));
                        *rows += 1;
                    }
                    columns.steps.push(steps.unwrap_or(0));
                }
                Meaning::Measure(n) => columns.measures[*n].push(row, *field),
            }
        }
        log.block_subtype.push(subtype);
        log.complete.push(complete);
        if log.worker_id.len() == row {
            log.worker_id.push("worker-default");
        }
        if log.task_params.len() == row {
            log.task_params.push("");
        }
        columns.lines.push(u32::try_from(line).unwrap_or(u32::MAX));
        Ok(())
    }
}

impl Measure {
    #[inline]
    fn push(&mut self, row: usize, field: Raw<'_>) {
        let value = match field.bytes.parse() {
            Ok(value) => value,
            Err(_) if field.bytes.is_empty() => f64::NAN,
            Err(_) => {
                let text = field.text();
                parse_float(&text).unwrap_or_else(|| {
                    if !text.is_empty() && !MISSING.contains(&text.as_ref()) && self.text.is_none()
                    {
                        self.text = Some((row, text.into_owned()));
                    }
                    f64::NAN
                })
            }
        };
        self.values.push(value);
    }
}

/// Whether a field is the one that stood in its column before; from now on it is.
#[inline]
fn repeats<'a>(previous: &mut Option<Raw<'a>>, field: Raw<'a>) -> bool {
    let same = *previous == Some(field);
    *previous = Some(field);
    same
}

#[inline]
fn push_label<'a>(column: &mut LabelColumn, previous: &mut Option<Raw<'a>>, field: Raw<'a>) {
    match (repeats(previous, field), column.codes().last()) {
        (true, Some(code)) => column.push_code(code),
        _ => column.push(&field.text()),
    }
}

fn word<T>(
    field: Raw<'_>,
    name: &str,
    parse: impl Fn(&str) -> Option<T>,
    allowed: &str,
) -> Result<T, String> {
    let text = field.text();
    parse(&text).ok_or_else(|| format!("`{name}` is `{text}`; allowed: {allowed}"))
}

fn status(word: &str) -> Option<bool> {
    match word {
        "complete" => Some(true),
        "incomplete" => Some(false),
        _ => None,
    }
}

#[inline]
fn whole(field: Raw<'_>, name: &str) -> Result<Option<u64>, String> {
    if field.bytes.is_empty() {
        return Ok(None);
    }
    // 19 digits always fit.
    let bytes = field.bytes.as_bytes();
    if bytes.len() <= 19 && bytes.iter().all(u8::is_ascii_digit) {
        return Ok(Some(bytes.iter().fold(0, |n, b| n * 10 + u64::from(b - b'0'))));
    }
    word(field, name, parse_whole, "a whole number from 0").map(Some)
}

fn time(field: Raw<'_>) -> Result<Option<i64>, String> {
    if field.bytes.is_empty() {
        return Ok(None);
    }
    let allowed = "a time like 20221231T235959.000000";
    let parse = |text: &str| parse_l2logger_time(text);
    word(field, "timestamp", parse, allowed).map(Some)
}
