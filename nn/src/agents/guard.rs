//! What is said where memory runs out.

use crate::panics::{caught, is_about_memory};
use tella_agents::{Agent, AgentError, AgentState, Transitions};
use tella_envs::{Batch, Space};

/// An agent whose panics over memory are errors. It is as it was left by then: its lifetime ends.
pub(super) struct Guarded(pub(super) Box<dyn Agent>);

/// Does `work`.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, AgentError>) -> Result<T, AgentError> {
    caught(work, |text| out_of_memory(text).map(AgentError::Failed))
}

/// What to say of `text`, where it is about memory.
fn out_of_memory(text: &str) -> Option<String> {
    is_about_memory(text).then(|| {
        let wanted = text.split_once("ried to allocate ").map_or("", |(_, rest)| rest);
        // `2.50 GiB. GPU 0 has`, or `17179869184 bytes. Error`.
        let wanted = wanted.split(". ").next().filter(|amount| (1..40).contains(&amount.len()));
        let wanted = wanted.map(|amount| format!(" where {amount} were asked for"));
        format!(
            "memory ran out{}; lower `batch_size`, the number of environments, `hidden`, or the stack's \
             `width`, `max_length` or number of layers",
            wanted.unwrap_or_default()
        )
    })
}

impl Agent for Guarded {
    fn set_spaces(&mut self, observation: &Space, action: &Space) {
        self.0.set_spaces(observation, action);
    }

    fn block_start(&mut self, is_learning_allowed: bool) -> Result<(), AgentError> {
        guarded(|| self.0.block_start(is_learning_allowed))
    }

    fn task_start(&mut self, task: Option<&str>) -> Result<(), AgentError> {
        guarded(|| self.0.task_start(task))
    }

    fn task_variant_start(
        &mut self,
        task: Option<&str>,
        variant: Option<&str>,
    ) -> Result<(), AgentError> {
        guarded(|| self.0.task_variant_start(task, variant))
    }

    fn choose_actions(&mut self, seen: &Batch, active: &[bool]) -> Result<&Batch, AgentError> {
        guarded(|| self.0.choose_actions(seen, active))
    }

    fn receive_transitions(&mut self, transitions: Transitions<'_>) -> Result<(), AgentError> {
        guarded(|| self.0.receive_transitions(transitions))
    }

    fn task_variant_end(
        &mut self,
        task: Option<&str>,
        variant: Option<&str>,
    ) -> Result<(), AgentError> {
        guarded(|| self.0.task_variant_end(task, variant))
    }

    fn task_end(&mut self, task: Option<&str>) -> Result<(), AgentError> {
        guarded(|| self.0.task_end(task))
    }

    fn block_end(&mut self, is_learning_allowed: bool) -> Result<(), AgentError> {
        guarded(|| self.0.block_end(is_learning_allowed))
    }

    fn save(&self) -> Option<AgentState> {
        self.0.save()
    }

    fn memory(&self) -> Option<u64> {
        self.0.memory()
    }

    fn restore(&mut self, state: &AgentState) -> Result<(), AgentError> {
        guarded(|| self.0.restore(state))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As libtorch 2.11 said it on a graphics processor and on a processor.
    const GRAPHICS: &str = "called `Result::unwrap()` on an `Err` value: Torch(\"CUDA out of memory. Tried to \
         allocate 2.50 GiB. GPU 0 has a total capacity of 79.11 GiB of which 1.20 GiB is free.\")";
    const PROCESSOR: &str = "called `Result::unwrap()` on an `Err` value: Torch(\"[enforce fail at alloc_cpu.cpp:124] \
         err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 17592186044416 bytes. Error code \
         12 (Cannot allocate memory)\")";

    #[test]
    fn memory_that_runs_out_is_an_error() {
        let what = "; lower `batch_size`, the number of environments, `hidden`, or the stack's `width`, \
                    `max_length` or number of layers";
        for (said, amount) in [(GRAPHICS, "2.50 GiB"), (PROCESSOR, "17592186044416 bytes")] {
            let error = guarded::<()>(|| panic!("{said}")).unwrap_err();
            let expected = format!("memory ran out where {amount} were asked for{what}");
            assert!(error.to_string().contains(&expected), "{error}");
        }
        let other = || guarded::<()>(|| panic!("index out of range"));
        assert!(std::panic::catch_unwind(other).is_err());
    }

    #[test]
    fn libtorch_s_own_words_are_understood() {
        let error = guarded(|| {
            let _ = tch::Tensor::zeros([1 << 44], (tch::Kind::Float, tch::Device::Cpu));
            Ok(())
        });
        let error = error.unwrap_err().to_string();
        assert!(
            error.contains("memory ran out where 70368744177664 bytes were asked for"),
            "{error}"
        );
    }
}
