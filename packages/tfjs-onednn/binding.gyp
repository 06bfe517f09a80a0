{
  "variables": { "onednn_include%": "", "onednn_lib%": "" },
  "targets": [
    {
      "target_name": "tfjs_onednn",
      "sources": [
        "native/bindings/about.cc",
        "native/bindings/addon.cc",
        "native/bindings/arguments.cc",
        "native/bindings/convolutions.cc",
        "native/bindings/element_wise.cc",
        "native/bindings/factors.cc",
        "native/bindings/group_normalize.cc",
        "native/bindings/layout.cc",
        "native/bindings/memory.cc",
        "native/bindings/nests.cc",
        "native/bindings/products.cc",
        "native/bindings/reductions.cc",
        "native/bindings/roi_align.cc",
        "native/bindings/sgd.cc",
        "native/bindings/windows.cc",
        "native/kernels/choose_kernels.cc",
        "native/kernels/kernels_avx2.cc",
        "native/kernels/kernels_avx512.cc",
        "native/kernels/kernels_base.cc",
        "native/primitives/convolution.cc",
        "native/primitives/convolution_layouts.cc",
        "native/primitives/onednn.cc",
        "native/primitives/prepared.cc",
        "native/primitives/product.cc",
        "native/primitives/seconds_of_primitive.cc"
      ],
      "include_dirs": ["native", "<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_CPP_EXCEPTIONS", "NAPI_VERSION=8"],
      "libraries": ["-ldnnl"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++14"],
      "cflags_cc": ["-std=c++17", "-O3", "-fno-math-errno", "-fno-trapping-math", "-Wno-maybe-uninitialized"],
      "conditions": [
        ["onednn_include!=''", { "include_dirs": ["<(onednn_include)"] }],
        ["onednn_lib!=''", { "libraries": ["-L<(onednn_lib)", "-Wl,-rpath,<(onednn_lib)"] }],
        ["target_arch=='x64'", { "defines": ["TFJS_ONEDNN_X86"] }],
        ["OS=='linux'", { "cflags_cc": ["-fopenmp"], "ldflags": ["-fopenmp"] }],
        [
          "OS=='mac'",
          {
            "xcode_settings": {
              "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
              "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
              "GCC_OPTIMIZATION_LEVEL": "3",
              "OTHER_CPLUSPLUSFLAGS": ["-fno-math-errno", "-fno-trapping-math"]
            }
          }
        ]
      ]
    }
  ]
}
