// The inverse real transform, for `fourier.cpp`.

#pragma once

#include <ATen/ATen.h>

// `size` real points of a spectrum, times `size` on a graphics processor and not on others. What `spectrum` holds is
// spent: it is somebody's own that nobody looks at again.
at::Tensor inverse(const at::Tensor &spectrum, std::int64_t size);
