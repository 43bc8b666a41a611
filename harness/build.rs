//! Where libtorch is linked, the command finds it where it was then, without `LD_LIBRARY_PATH`
//! (which goes first where it is set). There `cfg(libtorch)` holds, whoever turned libtorch on: a feature
//! of this crate or of the one that computes.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(libtorch)");
    if let Ok(folder) = std::env::var("DEP_TELLA_NN_LIBTORCH_LIB") {
        println!("cargo::rustc-link-arg=-Wl,-rpath,{folder}");
        println!("cargo::rustc-cfg=libtorch");
    }
}
