//! The content hash is what its documentation says: computed a second time from that text,
//! byte by byte, over rows that were read back.

mod support;

use support::*;
use tella_events::*;

fn text(out: &mut Vec<u8>, text: &str) {
    out.extend((text.len() as u64).to_le_bytes());
    out.extend(text.bytes());
}

fn optional(out: &mut Vec<u8>, value: Option<&str>) {
    match value {
        None => out.push(0),
        Some(value) => {
            out.push(1);
            text(out, value);
        }
    }
}

fn by_the_book(table: &Table, events: &[BlockEventRow]) -> (String, String) {
    let mut rows = Vec::new();
    if !table.extra.is_empty() {
        rows.push(b'X');
        rows.extend((table.extra.len() as u32).to_le_bytes());
        for (name, values) in &table.extra {
            text(&mut rows, name);
            rows.push(u8::from(matches!(values, ExtraValues::Text(_))));
        }
    }
    for n in 0..table.len() {
        let (s, e) = (table.segment(n), table.experience(n));
        if n == 0 || s != table.segment(n - 1) {
            rows.push(b'S');
            rows.extend(s.block_num.to_le_bytes());
            rows.push(u8::from(s.block_type == BlockType::Test));
            rows.push(u8::from(s.block_subtype == BlockSubtype::Sleep));
            for part in [&s.worker_id, &s.task_name, &s.task, &s.variant, &s.task_params] {
                text(&mut rows, part);
            }
        }
        rows.push(b'R');
        let flags = [e.exp_num.is_some(), e.seed.is_some(), e.terminated, e.truncated, e.complete];
        rows.push(flags.iter().enumerate().map(|(bit, flag)| u8::from(*flag) << bit).sum());
        rows.extend(e.exp_num.unwrap_or(0).to_le_bytes());
        rows.extend(e.episode_index.to_le_bytes());
        rows.extend(e.env_index.to_le_bytes());
        rows.extend(e.seed.unwrap_or(0).to_le_bytes());
        let bits = if e.reward.is_nan() { 0x7ff8_0000_0000_0000 } else { e.reward.to_bits() };
        rows.extend(bits.to_le_bytes());
        rows.extend(e.episode_step_count.to_le_bytes());
        for (_, values) in &table.extra {
            match values {
                ExtraValues::Float(values) => match values[n] {
                    None => rows.push(0),
                    Some(value) => {
                        rows.push(1);
                        rows.extend(value.to_bits().to_le_bytes());
                    }
                },
                ExtraValues::Text(values) => optional(&mut rows, values[n].as_deref()),
            }
        }
    }
    let mut blocks = Vec::new();
    for BlockEventRow { at_row, event } in events {
        blocks.push(b'B');
        blocks.push(BlockEventKind::ALL.iter().position(|k| *k == event.kind).unwrap() as u8);
        blocks.extend(at_row.to_le_bytes());
        blocks.extend(event.block_num.to_le_bytes());
        blocks.push(u8::from(event.block_type == BlockType::Test));
        blocks.push(u8::from(event.block_subtype == BlockSubtype::Sleep));
        for part in [&event.task, &event.variant, &event.detail] {
            optional(&mut blocks, part.as_deref());
        }
    }
    let rows = blake3::hash(&rows);
    let mut content = b"tella-events content 1\n".to_vec();
    content.extend((table.len() as u64).to_le_bytes());
    content.extend(rows.as_bytes());
    content.extend((events.len() as u64).to_le_bytes());
    content.extend(blake3::hash(&blocks).as_bytes());
    (blake3::hash(&content).to_hex().to_string(), rows.to_hex().to_string())
}

#[test]
fn the_hash_is_as_documented() {
    let dir = tempfile::tempdir().unwrap();
    let run = create(dir.path());
    let extra_columns = vec![
        ExtraColumn { name: "success".into(), kind: ExtraKind::Float },
        ExtraColumn { name: "note".into(), kind: ExtraKind::Text },
    ];
    let layout = WriterOptions { extra_columns, ..frames_of(50) };
    let mut writer = LifetimeWriter::create(&run, status(0), layout).unwrap();
    for step in lifetime(World::MiniGrid, 3000, 170, 31) {
        match step {
            Step::Segment(segment) => {
                let block_subtype = [BlockSubtype::Wake, BlockSubtype::Sleep];
                let block_subtype = block_subtype[segment.block_num as usize / 2 % 2];
                writer.set_segment(&Segment { block_subtype, ..segment }).unwrap();
            }
            Step::Row(mut row) => {
                match row.episode_index % 5 {
                    0 => (row.exp_num, row.complete) = (None, false),
                    1 => row.seed = None,
                    // A NaN of another kind than the canonical one.
                    2 => row.reward = f64::from_bits(0xfff8_0000_0000_0001),
                    3 => row.reward = -0.0,
                    _ => {}
                }
                let n = row.episode_index as usize;
                let extra = [
                    ExtraValue::Float([None, Some(0.5)][n % 2]),
                    ExtraValue::Text([None, Some(""), Some("a")][n % 3]),
                ];
                writer.push_with(&row, &extra).unwrap();
            }
            Step::Block(event) => writer.block_event(&event).unwrap(),
        }
    }
    let hash = writer.seal(&[]).unwrap();
    let log = LifetimeLog::open(&run, 0).unwrap();
    let (content, experiences) = by_the_book(&log.table().unwrap(), &log.block_events().unwrap());
    assert_eq!(hash.content, content);
    assert_eq!(hash.experiences, experiences);
    assert_eq!(log.content_hash().unwrap(), hash);
}
