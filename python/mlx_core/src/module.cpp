#include <algorithm>
#include <iterator>

#include "binding.h"
#include "mlx/version.h"
#include "official_names.h"

namespace binding {
namespace {

// Names of the official module that this one lacks say so; all others are unknown as usual.
void explain_missing_names(py::module_ module, const std::string& prefix) {
  auto name_of_module = module.attr("__name__").cast<std::string>();
  module.attr("__getattr__") = py::cpp_function([=](const std::string& name) -> py::object {
    auto known = std::binary_search(
        std::begin(official_names), std::end(official_names), std::string_view(prefix + name));
    throw py::attribute_error(
        known ? name_of_module + "." + name +
                " is part of MLX but not of AkiDB's build of mlx.core, which holds what inference "
                "needs; docs/mlx-bindings.md lists what is bound"
              : "module '" + name_of_module + "' has no attribute '" + name + "'");
  });
}

void define_constants(py::module_& module) {
  module.attr("__version__") = mx::version();
  module.attr("e") = 2.71828182845904523536;
  module.attr("euler_gamma") = 0.57721566490153286061;
  module.attr("inf") = py::float_(std::numeric_limits<double>::infinity());
  module.attr("nan") = py::float_(std::numeric_limits<double>::quiet_NaN());
  module.attr("newaxis") = py::none();
  module.attr("pi") = 3.14159265358979323846;
}

// Metal is asked after on every platform, and older code asks it for the memory functions.
void define_backends(py::module_& module) {
  auto metal = module.def_submodule("metal", "mlx.core.metal");
  metal.def("is_available", [] { return mx::is_available(mx::Device::gpu); });
  for (auto name :
       {"get_active_memory", "get_peak_memory", "reset_peak_memory", "get_cache_memory",
        "set_memory_limit", "set_cache_limit", "set_wired_limit", "clear_cache", "device_info"}) {
    metal.attr(name) = module.attr(name);
  }
  auto cuda = module.def_submodule("cuda", "mlx.core.cuda");
  cuda.def("is_available", [] { return false; });
  module.def_submodule("fft", "mlx.core.fft");
}

}  // namespace
}  // namespace binding

PYBIND11_MODULE(core, module) {
  using namespace binding;
  module.doc() = "MLX for GraalPy and CPython, as much of it as inference needs.";
  define_dtypes(module);
  define_devices(module);
  auto array = define_array(module);
  define_operators(array);
  define_indexing(array);
  define_updates(module, array);
  define_creation(module);
  define_unary(module, array);
  define_binary(module);
  define_shaping(module, array);
  define_joining(module, array);
  define_selection(module);
  define_sorting(module);
  define_reductions(module, array);
  define_scans(module, array);
  define_products(module);
  define_convolutions(module);
  define_quantisation(module);
  define_linalg(module);
  define_fast(module);
  define_random(module);
  define_io(module);
  define_transforms(module);
  define_compile(module);
  define_memory(module);
  define_distributed(module);
  define_threads(module);
  define_backends(module);
  define_constants(module);
  explain_missing_names(module, "");
  for (auto name : {"linalg", "fast", "random", "distributed", "metal", "cuda", "fft"}) {
    explain_missing_names(module.attr(name).cast<py::module_>(), std::string(name) + ".");
  }
}
