//! Files made to deceive: frames that were changed and given a checksum that fits.

use super::index::{Entry, FrameKind, Index, Place, header};
use super::{FrameReader, FrameWriter};
use crate::columns::ExperienceColumns;
use crate::record::{BlockSubtype, BlockType, Experience, Segment};
use crate::schema::TableKind;
use arrow_array::RecordBatch;
use std::path::Path;

fn place(dir: &Path, name: &str) -> Place {
    Place::new(dir, name, TableKind::Experiences, "identity", 0)
}

/// The frames of a small table, with their kinds and row counts.
fn frames(dir: &Path) -> Vec<(FrameKind, u32, Vec<u8>)> {
    let mut columns = ExperienceColumns::new(&[], 8);
    let mut writer = FrameWriter::create(place(dir, "good"), columns.schema()).unwrap();
    for n in 0..256 {
        columns.segment(&Segment {
            block_num: n / 64,
            block_type: BlockType::Train,
            block_subtype: BlockSubtype::Wake,
            task_name: format!("Task_{}", n / 16),
            task: "Task".into(),
            variant: (n / 16).to_string(),
            task_params: "{}".into(),
            worker_id: "worker-default".into(),
        });
        columns.extend(&[Experience {
            exp_num: (n != 3).then_some(n),
            episode_index: n,
            env_index: 0,
            seed: (n != 5).then_some(n),
            reward: n as f64,
            episode_step_count: n,
            terminated: true,
            truncated: false,
            complete: true,
            started_at: None,
            finished_at: 0,
        }]);
        if n % 64 == 63 {
            writer.write(&columns.batch().unwrap()).unwrap();
        }
    }
    writer.finish().unwrap();
    let place = place(dir, "good");
    let data = fs_err::read(&place.data).unwrap();
    let index = Index::read(&place.index, place.table, place.stream_id).unwrap();
    let bytes = |e: &Entry| data[e.offset as usize..(e.offset + e.length) as usize].to_vec();
    index.entries.iter().map(|e| (e.kind, e.rows, bytes(e))).collect()
}

/// Writes frames under checksums that fit, and reads them: batches until the first error.
fn read(dir: &Path, frames: &[(FrameKind, u32, Vec<u8>)]) -> (Vec<RecordBatch>, bool) {
    let place = place(dir, "bad");
    let (header, mut position) = header(place.table, place.stream_id);
    let (mut data, mut index) = (Vec::new(), header.to_vec());
    for (kind, rows, bytes) in frames {
        let entry = Entry::next(&position, *kind, *rows, bytes);
        index.extend_from_slice(&entry.encode());
        data.extend_from_slice(bytes);
        position = entry.after(&position);
    }
    fs_err::write(&place.data, data).unwrap();
    fs_err::write(&place.index, index).unwrap();
    let mut reader = FrameReader::open(place).unwrap();
    let _ = reader.schema();
    let mut batches = Vec::new();
    loop {
        match reader.next_batch() {
            Ok(Some(batch)) => batches.push(batch),
            Ok(None) => return (batches, false),
            Err(e) => {
                assert!(e.is_corruption(), "{e:?}");
                return (batches, true);
            }
        }
    }
}

#[test]
fn well_made_frames_pass() {
    let dir = tempfile::tempdir().unwrap();
    let (batches, failed) = read(dir.path(), &frames(dir.path()));
    assert_eq!((batches.len(), failed), (4, false));
}

#[test]
fn changed_frames_with_fitting_checksums_end_in_an_error_or_a_batch() {
    let dir = tempfile::tempdir().unwrap();
    let good = frames(dir.path());
    let mut state = 1u64;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        (state >> 33) as usize % below
    };
    let tried = tella_reference::sweep(1500, 50_000);
    let mut failed = 0;
    for _ in 0..tried {
        let mut bad = good.clone();
        let n = draw(bad.len());
        let bytes = &mut bad[n].2;
        for _ in 0..=draw(3) {
            let at = draw(bytes.len().max(1));
            match draw(8) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, draw(256) as u8),
                // Lengths and offsets are where readers go wrong.
                2 if at + 8 <= bytes.len() => bytes[at..at + 8].fill(0xff),
                3 if at + 8 <= bytes.len() => bytes[at + 4..at + 8].fill(0x7f),
                _ if at < bytes.len() => bytes[at] = draw(256) as u8,
                _ => {}
            }
        }
        failed += u64::from(read(dir.path(), &bad).1);
    }
    assert!(failed > tried / 4, "only {failed} of {tried} were refused");
    println!("{failed} of {tried} refused, no panic let through");
}

#[test]
fn absurd_sizes_are_refused_before_memory_is_taken() {
    let dir = tempfile::tempdir().unwrap();
    let good = frames(dir.path());
    let mut refused = 0;
    // The eight bytes before each zstd frame say how much it unpacks to.
    for at in 0..good[1].2.len() - 4 {
        if good[1].2[at..at + 4] == [0x28, 0xb5, 0x2f, 0xfd] {
            let mut bad = good.clone();
            bad[1].2[at - 8..at].copy_from_slice(&(1i64 << 50).to_le_bytes());
            let (batches, failed) = read(dir.path(), &bad);
            assert!(batches.is_empty() && failed);
            refused += 1;
        }
    }
    assert!(refused > 5, "{refused}");
}
