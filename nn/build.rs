//! Tests and benchmarks find libtorch where it was linked, without `LD_LIBRARY_PATH` (which
//! goes first where it is set); crates above are told the folder as `DEP_TELLA_NN_LIBTORCH_LIB`. The shim over
//! libtorch's graphs is compiled, which needs none of its headers.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if let Ok(folder) = std::env::var("DEP_TCH_LIBTORCH_LIB") {
        println!("cargo::rustc-link-arg=-Wl,-rpath,{folder}");
        println!("cargo::metadata=libtorch_lib={folder}");
    }
    #[cfg(feature = "torch")]
    {
        println!("cargo::rerun-if-changed=src/graph/shim.cpp");
        cc::Build::new().cpp(true).std("c++17").file("src/graph/shim.cpp").compile("tella_graph");
    }
}
