#include "mlx/memory.h"

#include "binding.h"

namespace binding {

void define_memory(py::module_& module) {
  module.def("get_active_memory", &mx::get_active_memory);
  module.def("get_peak_memory", &mx::get_peak_memory);
  module.def("reset_peak_memory", &mx::reset_peak_memory);
  module.def("get_cache_memory", &mx::get_cache_memory);
  module.def("set_memory_limit", &mx::set_memory_limit, py::arg("limit"));
  module.def("get_memory_limit", &mx::get_memory_limit);
  module.def("set_cache_limit", &mx::set_cache_limit, py::arg("limit"));
  module.def("set_wired_limit", &mx::set_wired_limit, py::arg("limit"));
  module.def("clear_cache", &mx::clear_cache);
}

}  // namespace binding
