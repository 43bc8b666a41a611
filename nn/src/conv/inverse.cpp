// The inverse real transform on graphics processors by cuFFT itself, which spends its input: libtorch copies the
// input first, and a long convolution waits for memory.
//
// libtorch has loaded cuFFT; both are asked for their functions by name, as their headers want CUDA's. They are
// declared here as cuFFT 12 (cufft.h) and libtorch 2.11 (c10/cuda/CUDAStream.h) have them. Without them
// libtorch's own transform does the work.

#include "inverse.h"

#include <c10/core/DeviceGuard.h>

#include <dlfcn.h>

#include <map>
#include <mutex>
#include <tuple>

namespace {

using Handle = int;

// cufftType for complex numbers to real ones, in single precision.
constexpr int COMPLEX_TO_REAL = 0x2c;

// Plans that are kept; with more of them all are made anew.
constexpr std::size_t MOST_PLANS = 64;

// c10::cuda::CUDAStream: a device (its type and number) and the stream's number.
struct Stream {
  std::int16_t device;
  std::int64_t id;
};

struct Functions {
  int (*create)(Handle *);
  int (*destroy)(Handle);
  int (*auto_allocation)(Handle, int);
  int (*make)(Handle, int, long long *, long long *, long long, long long, long long *, long long, long long, int,
              long long, std::size_t *);
  int (*work_area)(Handle, void *);
  int (*stream)(Handle, void *);
  int (*execute)(Handle, void *, float *);
  Stream (*current_stream)(std::int8_t);
  void *(*address)(const Stream *);

  bool complete() const {
    return create && destroy && auto_allocation && make && work_area && stream && execute && current_stream && address;
  }
};

template <typename Function> void find(Function *&function, const char *name) {
  function = reinterpret_cast<Function *>(dlsym(RTLD_DEFAULT, name));
}

Functions found() {
  Functions f{};
  find(f.create, "cufftCreate");
  find(f.destroy, "cufftDestroy");
  find(f.auto_allocation, "cufftSetAutoAllocation");
  find(f.make, "cufftMakePlanMany64");
  find(f.work_area, "cufftSetWorkArea");
  find(f.stream, "cufftSetStream");
  find(f.execute, "cufftExecC2R");
  find(f.current_stream, "_ZN3c104cuda20getCurrentCUDAStreamEa");
  find(f.address, "_ZNK3c104cuda10CUDAStream6streamEv");
  return f;
}

// A plan, and the bytes that it works in.
struct Plan {
  Handle handle;
  std::size_t work;
};

// Transforms of one device, size and number.
using Key = std::tuple<int, std::int64_t, std::int64_t>;

// The plan for `key`, made where there is none yet; whether that went well.
bool planned(const Functions &f, std::map<Key, Plan> &plans, const Key &key, Plan &plan) {
  if (const auto known = plans.find(key); known != plans.end()) {
    plan = known->second;
    return true;
  }
  if (plans.size() == MOST_PLANS) {
    for (const auto &[_, old] : plans) {
      f.destroy(old.handle);
    }
    plans.clear();
  }
  if (f.create(&plan.handle) != 0) {
    return false;
  }
  long long size = std::get<1>(key);
  const bool made = f.auto_allocation(plan.handle, 0) == 0 &&
                    f.make(plan.handle, 1, &size, nullptr, 1, 0, nullptr, 1, 0, COMPLEX_TO_REAL, std::get<2>(key),
                           &plan.work) == 0;
  if (!made) {
    f.destroy(plan.handle);
    return false;
  }
  plans.emplace(key, plan);
  return true;
}

// Whether cuFFT transformed `spectrum` into `points`.
bool transformed(const Functions &f, const at::Tensor &spectrum, const at::Tensor &points) {
  static std::mutex lock;
  static std::map<Key, Plan> plans;

  const c10::DeviceGuard guard(spectrum.device());
  const auto device = spectrum.device().index();
  const auto size = points.size(-1);
  // A plan's stream and memory are set for each use.
  const std::lock_guard<std::mutex> locked(lock);
  Plan plan{};
  if (!planned(f, plans, {device, size, points.numel() / size}, plan)) {
    return false;
  }
  const auto work = at::empty({static_cast<std::int64_t>(plan.work)}, points.options().dtype(at::kByte));
  const Stream stream = f.current_stream(device);
  return f.stream(plan.handle, f.address(&stream)) == 0 && f.work_area(plan.handle, work.data_ptr()) == 0 &&
         f.execute(plan.handle, spectrum.data_ptr(), points.data_ptr<float>()) == 0;
}

} // namespace

at::Tensor inverse(const at::Tensor &spectrum, std::int64_t size) {
  if (spectrum.is_cpu()) {
    return at::fft_irfft(spectrum, size, -1, "backward");
  }
  static const Functions functions = found();
  if (functions.complete() && spectrum.scalar_type() == at::kComplexFloat && spectrum.is_contiguous() &&
      !spectrum.is_conj() && spectrum.numel() > 0) {
    auto sizes = spectrum.sizes().vec();
    sizes.back() = size;
    const auto points = at::empty(sizes, spectrum.options().dtype(at::kFloat));
    if (transformed(functions, spectrum, points)) {
      return points;
    }
  }
  return at::fft_irfft(spectrum, size, -1, "forward");
}
