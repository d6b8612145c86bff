#include "mlx/distributed/distributed.h"

#include "binding.h"
#include "mlx/distributed/ops.h"

namespace binding {
namespace {

using Group = mx::distributed::Group;

template <typename Collective>
void define_collective(py::module_& module, const char* name, Collective collective) {
  module.def(
      name, collective, py::arg("x"), py::kw_only(), py::arg("group") = py::none(),
      stream_argument());
}

}  // namespace

// A server is one process, a group of one; models that can be sharded still ask for their group.
void define_distributed(py::module_& module) {
  auto distributed = module.def_submodule("distributed", "mlx.core.distributed: communication");
  py::class_<Group>(distributed, "Group")
      .def("rank", &Group::rank)
      .def("size", &Group::size)
      .def("split", &Group::split, py::arg("color"), py::arg("key") = -1);
  distributed.def(
      "is_available",
      [](const std::string& backend) { return mx::distributed::is_available(backend); },
      py::arg("backend") = "any");
  distributed.def(
      "init",
      [](bool strict, const std::string& backend) { return mx::distributed::init(strict, backend); },
      py::arg("strict") = false, py::arg("backend") = "any");
  define_collective(distributed, "all_sum", &mx::distributed::all_sum);
  define_collective(distributed, "all_max", &mx::distributed::all_max);
  define_collective(distributed, "all_min", &mx::distributed::all_min);
  define_collective(distributed, "all_gather", &mx::distributed::all_gather);
  define_collective(distributed, "sum_scatter", &mx::distributed::sum_scatter);
}

}  // namespace binding
