{
  "variables": { "onednn_include%": "", "onednn_lib%": "" },
  "targets": [
    {
      "target_name": "tfjs_onednn",
      "sources": [
        "native/addon.cc",
        "native/convolution.cc",
        "native/convolution_layouts.cc",
        "native/kernels_avx2.cc",
        "native/kernels_avx512.cc",
        "native/kernels_base.cc",
        "native/onednn.cc",
        "native/prepared.cc",
        "native/product.cc",
        "native/seconds_of_primitive.cc"
      ],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
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
