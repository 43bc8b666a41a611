//! A report as strict JSON under the reference's key names: null where a value is
//! undefined. Beyond the reference: `undefined` says why, `regimes` and `notes`.

use super::metric::{Metric, Value};
use super::report::{RegimeReport, Report};
use super::tasks::TaskReport;
use crate::run::About;
use serde_json::{Map, Value as Json, json};

impl Report {
    /// The report as JSON.
    pub fn to_json(&self, about: &About) -> Json {
        let mut json = Map::new();
        insert_values(&mut json, &self.metrics);
        json.insert("run_id".to_owned(), json!(about.run_id));
        json.insert("complexity".to_owned(), json!(about.complexity));
        json.insert("difficulty".to_owned(), json!(about.difficulty));
        json.insert("scenario_type".to_owned(), json!(about.scenario_type));
        json.insert("metrics_column".to_owned(), json!(self.metrics_column));
        json.insert("min".to_owned(), json!(self.min));
        json.insert("max".to_owned(), json!(self.max));
        json.insert("num_lx".to_owned(), json!(self.num_lx));
        json.insert("num_ex".to_owned(), json!(self.num_ex));
        json.insert("runtime".to_owned(), json!(self.runtime));
        json.insert("normalization_data_range".to_owned(), json!(self.normalization_data_range));
        let tasks: Map<_, _> =
            self.tasks.iter().map(|task| (task.task_name.clone(), task_json(task))).collect();
        json.insert("task_metrics".to_owned(), Json::Object(tasks));
        json.insert("undefined".to_owned(), reasons(&self.metrics));
        json.insert("regimes".to_owned(), self.regimes.iter().map(regime_json).collect());
        json.insert("notes".to_owned(), json!(self.notes));
        Json::Object(json)
    }
}

fn task_json(task: &TaskReport) -> Json {
    let mut json = Map::new();
    insert_values(&mut json, &task.metrics);
    for (metric, transfers) in &task.transfers {
        json.insert(metric.key().to_owned(), json!(transfers));
    }
    json.insert("recovery_times".to_owned(), json!(task.recovery_times));
    json.insert("avg_train_perf_vals".to_owned(), json!(task.avg_train_perf_vals));
    json.insert("avg_eval_perf_vals".to_owned(), json!(task.avg_eval_perf_vals));
    for (metric, values) in &task.maintenance_vals {
        json.insert(metric.key().replace("perf_maintenance", "maintenance_val"), json!(values));
    }
    let expert = &task.expert;
    for (list, values) in [
        ("ste_rel_perf_vals", &expert.ste_rel_perf_vals),
        ("ste_saturation_vals", &expert.ste_saturation_vals),
        ("ste_exp_to_sat_vals", &expert.ste_exp_to_sat_vals),
        ("se_saturation_vals", &expert.se_saturation_vals),
        ("se_exp_to_sat_vals", &expert.se_exp_to_sat_vals),
        ("sample_efficiency_vals", &expert.sample_efficiency_vals),
    ] {
        json.insert(list.to_owned(), json!(values));
    }
    json.insert("se_task_saturation".to_owned(), json!(expert.se_task_saturation));
    json.insert("se_task_exp_to_sat".to_owned(), json!(expert.se_task_exp_to_sat));
    json.insert("min".to_owned(), json!(task.min));
    json.insert("max".to_owned(), json!(task.max));
    json.insert("num_lx".to_owned(), json!(task.num_lx));
    json.insert("num_ex".to_owned(), json!(task.num_ex));
    json.insert("undefined".to_owned(), reasons(&task.metrics));
    Json::Object(json)
}

fn regime_json(regime: &RegimeReport) -> Json {
    json!({
        "block_num": regime.block_num,
        "block_type": regime.block_type.as_str(),
        "block_subtype": regime.block_subtype.as_str(),
        "task_name": regime.task_name,
        "regime_num": regime.regime_num,
        "task_params": regime.task_params,
        "saturation": regime.saturation,
        "exp_to_sat": regime.exp_to_sat,
        "term_perf": regime.term_perf,
        "exp_to_term_perf": regime.exp_to_term_perf,
        "avg_perf": regime.avg_perf,
    })
}

fn insert_values(json: &mut Map<String, Json>, values: &[(Metric, Value)]) {
    for (metric, value) in values {
        json.insert(metric.key().to_owned(), json!(value.ok()));
    }
}

/// Why the values that are null are undefined.
fn reasons(values: &[(Metric, Value)]) -> Json {
    let undefined = values.iter().filter_map(|(metric, value)| {
        value.err().map(|reason| (metric.key().to_owned(), json!(reason.to_string())))
    });
    Json::Object(undefined.collect())
}
