//! Where libtorch is linked, the command finds it where it was then, without `LD_LIBRARY_PATH`
//! (which goes first where it is set).

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if let Ok(folder) = std::env::var("DEP_TELLA_NN_LIBTORCH_LIB") {
        println!("cargo::rustc-link-arg=-Wl,-rpath,{folder}");
    }
}
