//! `tella` with one environment more, an environment of the crate `gymnasium-rs`. The
//! program behaves as `tella` in everything else.

mod adapter;

use adapter::GymnasiumRs;
use gymnasium_rs::envs::cartpole::CartPole;
use std::marker::PhantomData;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut app = tella::App::builtin();
    app.envs.add(GymnasiumRs {
        name: "gymnasium-rs/CartPole",
        summary: "Balance a pole on a cart, as gymnasium-rs 0.1.1 has it",
        make: CartPole::new,
        actions: PhantomData::<fn() -> i32>,
    });
    tella::cli::main(app, std::env::args_os())
}
