// What JavaScript sees: each file beside this one holds the functions of one kind, as those of src/kernels do. Every
// function checks the sizes of its arrays before it touches them.
#include <napi.h>

namespace tfjs_onednn::bindings {

void exportAbout(Napi::Object exports);
void exportConvolutions(Napi::Object exports);
void exportElementWise(Napi::Object exports);
void exportGroupNormalize(Napi::Object exports);
void exportLayout(Napi::Object exports);
void exportMemory(Napi::Object exports);
void exportProducts(Napi::Object exports);
void exportReductions(Napi::Object exports);
void exportRoiAlign(Napi::Object exports);
void exportSgd(Napi::Object exports);
void exportWindows(Napi::Object exports);

} // namespace tfjs_onednn::bindings

static Napi::Object startAddon(Napi::Env, Napi::Object exports) {
  using namespace tfjs_onednn::bindings;
  for (const auto add : {exportAbout, exportConvolutions, exportElementWise, exportGroupNormalize, exportLayout, exportMemory,
                         exportProducts, exportReductions, exportRoiAlign, exportSgd, exportWindows}) {
    add(exports);
  }
  return exports;
}
NODE_API_MODULE(tfjs_onednn, startAddon)
