#include "indexing.h"

#include <stdexcept>

#include "convert.h"

namespace binding {
namespace {

// One axis of the array as an index asks for it.
struct AxisIndex {
  enum class Kind { whole, slice, position, array, fresh };

  Kind kind = Kind::whole;
  int start = 0;
  int stop = 0;
  int step = 1;
  std::optional<mx::array> positions;
};

bool is_integer(py::handle value) {
  return PyLong_Check(value.ptr()) && !PyBool_Check(value.ptr());
}

int integer_of(py::handle value, int otherwise) {
  if (value.is_none()) {
    return otherwise;
  }
  if (!PyIndex_Check(value.ptr())) {
    throw std::invalid_argument("Slice indices must be integers or None.");
  }
  auto number = PyNumber_AsSsize_t(value.ptr(), nullptr);
  return static_cast<int>(std::clamp<py::ssize_t>(number, INT32_MIN + 1, INT32_MAX));
}

AxisIndex slice_index(py::handle slice, int length) {
  AxisIndex index;
  index.kind = AxisIndex::Kind::slice;
  index.step = integer_of(slice.attr("step"), 1);
  if (index.step == 0) {
    throw std::invalid_argument("slice step cannot be zero");
  }
  bool backwards = index.step < 0;
  index.start = integer_of(slice.attr("start"), backwards ? length - 1 : 0);
  index.stop = integer_of(slice.attr("stop"), backwards ? -length - 1 : length);
  return index;
}

AxisIndex array_index(mx::array positions) {
  if (positions.dtype() == mx::bool_) {
    throw std::invalid_argument(
        "boolean indices are not yet supported; use mlx.core.where or assign through the mask");
  }
  if (!mx::issubdtype(positions.dtype(), mx::integer)) {
    throw std::invalid_argument("Cannot index mlx array using the given type.");
  }
  AxisIndex index;
  index.kind = AxisIndex::Kind::array;
  index.positions = std::move(positions);
  return index;
}

AxisIndex axis_index(py::handle entry, int length) {
  if (py::isinstance<py::slice>(entry)) {
    return slice_index(entry, length);
  }
  if (is_integer(entry)) {
    AxisIndex index;
    index.kind = AxisIndex::Kind::position;
    int position = integer_of(entry, 0);
    index.start = position < 0 ? position + length : position;
    return index;
  }
  if (py::isinstance<mx::array>(entry)) {
    return array_index(entry.cast<mx::array>());
  }
  if (PyList_Check(entry.ptr())) {
    return array_index(array_from(entry, mx::int32));
  }
  throw std::invalid_argument("Cannot index mlx array using the given type.");
}

// The whole index, `...` written out and every axis named.
std::vector<AxisIndex> read_index(const mx::array& array, const py::object& index) {
  auto entries = py::isinstance<py::tuple>(index) ? py::reinterpret_borrow<py::tuple>(index)
                                                  : py::make_tuple(index);
  int named = 0;
  for (auto entry : entries) {
    named += !entry.is_none() && entry.ptr() != Py_Ellipsis;
  }
  auto ndim = static_cast<int>(array.ndim());
  if (named > ndim) {
    throw std::invalid_argument(
        "Too many indices for array with " + std::to_string(ndim) + " dimensions.");
  }
  std::vector<AxisIndex> result;
  int axis = 0;
  bool elided = false;
  for (auto entry : entries) {
    if (entry.is_none()) {
      result.push_back({AxisIndex::Kind::fresh});
    } else if (entry.ptr() == Py_Ellipsis) {
      if (elided) {
        throw std::invalid_argument("An index can only have a single ellipsis (...)");
      }
      elided = true;
      for (int rest = ndim - named; rest > 0; --rest, ++axis) {
        result.push_back({});
      }
    } else {
      result.push_back(axis_index(entry, array.shape(axis++)));
    }
  }
  for (; axis < ndim; ++axis) {
    result.push_back({});
  }
  return result;
}

bool has_arrays(const std::vector<AxisIndex>& index) {
  for (auto& entry : index) {
    if (entry.kind == AxisIndex::Kind::array) {
      return true;
    }
  }
  return false;
}

struct Window {
  mx::Shape start;
  mx::Shape stop;
  mx::Shape step;
  bool everything = true;
};

// The slices of the index; a single position is a slice of one.
Window window_of(const mx::array& array, const std::vector<AxisIndex>& index, bool positions) {
  Window window;
  for (auto& entry : index) {
    if (entry.kind == AxisIndex::Kind::fresh) {
      continue;
    }
    auto length = array.shape(static_cast<int>(window.start.size()));
    bool slice = entry.kind == AxisIndex::Kind::slice;
    bool one = positions && entry.kind == AxisIndex::Kind::position;
    window.start.push_back(slice || one ? entry.start : 0);
    window.stop.push_back(slice ? entry.stop : one ? entry.start + 1 : length);
    window.step.push_back(slice ? entry.step : 1);
    window.everything = window.everything && !slice && !one;
  }
  return window;
}

mx::array sliced(const mx::array& array, const Window& window) {
  return window.everything ? array : mx::slice(array, window.start, window.stop, window.step);
}

mx::array basic_item(const mx::array& array, const std::vector<AxisIndex>& index) {
  auto result = sliced(array, window_of(array, index, true));
  std::vector<int> gone;
  std::vector<int> fresh;
  int axis = 0;
  int position = 0;
  for (auto& entry : index) {
    if (entry.kind == AxisIndex::Kind::fresh) {
      fresh.push_back(position++);
    } else if (entry.kind == AxisIndex::Kind::position) {
      gone.push_back(axis++);
    } else {
      ++axis;
      ++position;
    }
  }
  if (!gone.empty()) {
    result = mx::squeeze(result, gone);
  }
  return fresh.empty() ? result : mx::expand_dims(result, fresh);
}

// Where arrays index, single positions index along with them. Their common axes come first, and move
// to where the arrays stood if these stood side by side.
mx::array gathered_item(const mx::array& array, const std::vector<AxisIndex>& index) {
  auto source = sliced(array, window_of(array, index, false));
  std::vector<mx::array> positions;
  std::vector<int> axes;
  auto sizes = source.shape();
  int axis = 0;
  int kept = 0;
  std::optional<int> first;
  std::optional<int> last;
  std::vector<int> fresh;
  int slot = 0;
  for (auto& entry : index) {
    bool array_like =
        entry.kind == AxisIndex::Kind::array || entry.kind == AxisIndex::Kind::position;
    if (array_like) {
      positions.push_back(entry.positions ? *entry.positions : mx::array(entry.start, mx::int32));
      sizes[axis] = 1;
      axes.push_back(axis);
      first = first.value_or(kept);
      last = slot;
    } else {
      fresh.push_back(entry.kind == AxisIndex::Kind::fresh ? 1 : 0);
      ++kept;
    }
    axis += entry.kind != AxisIndex::Kind::fresh;
    ++slot;
  }
  bool together = *last - (static_cast<int>(axes.size()) - 1) == *first;
  auto result = mx::gather(source, positions, axes, sizes);
  auto common = static_cast<int>(result.ndim() - source.ndim());
  std::vector<int> gone;
  for (auto indexed : axes) {
    gone.push_back(common + indexed);
  }
  result = mx::squeeze(result, gone);
  std::vector<int> added;
  for (int i = 0; i < static_cast<int>(fresh.size()); ++i) {
    if (fresh[i]) {
      added.push_back(common + i);
    }
  }
  if (!added.empty()) {
    result = mx::expand_dims(result, added);
  }
  if (!together || *first == 0 || common == 0) {
    return result;
  }
  std::vector<int> order;
  for (int i = 0; i < *first; ++i) {
    order.push_back(common + i);
  }
  for (int i = 0; i < common; ++i) {
    order.push_back(i);
  }
  for (int i = common + *first; i < static_cast<int>(result.ndim()); ++i) {
    order.push_back(i);
  }
  return mx::transpose(result, order);
}

}  // namespace

mx::array item_at(const mx::array& array, const py::object& index) {
  auto read = read_index(array, index);
  return has_arrays(read) ? gathered_item(array, read) : basic_item(array, read);
}

std::optional<mx::array>
with_slice(const mx::array& array, const py::object& index, const mx::array& value) {
  auto read = read_index(array, index);
  if (has_arrays(read)) {
    return std::nullopt;
  }
  auto window = window_of(array, read, true);
  auto target = mx::slice(array, window.start, window.stop, window.step).shape();
  auto update = mx::broadcast_to(value, basic_item(array, read).shape());
  return mx::slice_update(
      array, mx::reshape(update, target), window.start, window.stop, window.step);
}

mx::array positions_at(const mx::array& array, const py::object& index) {
  bool small = array.size() < static_cast<size_t>(INT32_MAX);
  auto every = mx::arange(0, static_cast<double>(array.size()), 1, small ? mx::int32 : mx::int64);
  return item_at(mx::reshape(every, array.shape()), index);
}

}  // namespace binding
