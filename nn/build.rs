//! Tests and benchmarks find libtorch where it was linked, without `LD_LIBRARY_PATH` (which
//! goes first where it is set); crates above are told the folder as `DEP_TELLA_NN_LIBTORCH_LIB`. What `tch` has no
//! binding for is compiled: graphs, gradients of our own, the optimizer's one pass.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if let Ok(folder) = std::env::var("DEP_TCH_LIBTORCH_LIB") {
        println!("cargo::rustc-link-arg=-Wl,-rpath,{folder}");
        println!("cargo::metadata=libtorch_lib={folder}");
    }
    #[cfg(feature = "torch")]
    {
        const SOURCES: [&str; 5] = [
            "src/adam_w/fused.cpp",
            "src/agents/codes.cpp",
            "src/conv/fourier.cpp",
            "src/conv/inverse.cpp",
            "src/graph/shim.cpp",
        ];
        println!("cargo::rerun-if-changed=src/conv/inverse.h");
        let library = std::env::var("DEP_TCH_LIBTORCH_LIB").unwrap_or_default();
        let headers = std::path::Path::new(&library).with_file_name("include");
        for source in SOURCES {
            println!("cargo::rerun-if-changed={source}");
        }
        // libtorch's headers are not written for all warnings.
        cc::Build::new()
            .cpp(true)
            .std("c++17")
            .opt_level(1)
            .flag("-isystem")
            .flag(&headers)
            .files(SOURCES)
            .compile("tella_nn_native");
    }
}
