//! The JSON schema of the language, for editors.

use crate::document::model::CurriculumDoc;

/// The JSON schema (2020-12) of a curriculum file, made from the records that the
/// reader is made from. `curricula/schema.json` holds it.
pub fn json_schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(CurriculumDoc);
    schema.insert("title".into(), "tella curriculum, schema version 1".into());
    schema.insert("required".into(), serde_json::json!(["schema", "name"]));
    schema.to_value()
}
