/// The calls of libpng and libjpeg, each wrapped so that their errors, which jump, end inside C.
///
/// Every function is a pure function of its arguments: it makes the library's state, uses it and
/// frees it before it returns, on failure too. Memory that outlives a call is the caller's. A file
/// is read in two calls: its header says what to allocate, then the samples are read.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// How a call ended.
typedef enum vci_status {
  VCI_OK = 0,
  /// The file ends before its picture does.
  VCI_TRUNCATED,
  /// The file breaks the rules of its format.
  VCI_CORRUPT,
  /// The file is of a kind that the library does not read.
  VCI_UNSUPPORTED,
  /// The JPEG has more scans than the limit that was given.
  VCI_TOO_MANY_SCANS,
  /// The library could not do its work for want of memory or by its own limits.
  VCI_FAILED,
} vci_status;

/// What is known of a call that did not end with `VCI_OK`.
typedef struct vci_failure {
  /// Bytes of the file that had been read; 0 when writing.
  size_t offset;
  /// The library's own words, ended by a zero.
  char message[256];
} vci_failure;

/// Takes the next `byte_count` bytes of a file being written. It must return.
typedef void (*vci_sink)(void *context, const uint8_t *bytes, size_t byte_count);

/// What a PNG file holds, and the form in which its samples are read.
typedef struct vci_png_header {
  /// Size in pixels, 1...2^31 - 1 each.
  uint32_t width, height;
  /// Samples of a pixel as read: 3 (RGB), or 4 (RGBA) if the file has an alpha channel or tRNS.
  uint32_t channels;
  /// Bits of a sample as read: 8, or 16 in the machine's byte order.
  uint32_t bit_depth;
  /// Bits of a pixel as the file stores it, before compression: 1...64.
  uint32_t stored_bits_per_pixel;
  /// Bytes of the ICC profile; 0 without one.
  size_t icc_byte_count;
} vci_png_header;

/// Reads a PNG file up to its first IDAT chunk.
vci_status vci_png_read_header(
    const uint8_t *bytes, size_t byte_count, vci_png_header *header, vci_failure *failure);

/// Reads the whole of a PNG file.
///
/// `samples` takes `[height, width, channels]` of `header`, which came from the same bytes;
/// `icc_profile` takes `icc_byte_count` bytes and may be null where that is 0.
vci_status vci_png_read_samples(
    const uint8_t *bytes, size_t byte_count, const vci_png_header *header, void *samples,
    uint8_t *icc_profile, vci_failure *failure);

/// A picture to be written as PNG.
typedef struct vci_png_picture {
  /// Size in pixels.
  uint32_t width, height;
  /// 3 (RGB) or 4 (RGBA).
  uint32_t channels;
  /// 8, or 16 in the machine's byte order.
  uint32_t bit_depth;
  /// `[height, width, channels]`.
  const void *samples;
  /// An ICC profile, or null. One that libpng finds malformed is left out.
  const uint8_t *icc_profile;
  /// Bytes of the profile; 0 without one.
  size_t icc_byte_count;
} vci_png_picture;

/// Writes `picture` as a PNG file.
vci_status vci_png_write(
    const vci_png_picture *picture, vci_sink sink, void *context, vci_failure *failure);

/// What a JPEG file holds, and the form in which its samples are read.
typedef struct vci_jpeg_header {
  /// Size in pixels, at least 1 each.
  uint32_t width, height;
  /// Samples of a pixel as read: 3 (RGB) or 4 (CMYK).
  uint32_t channels;
  /// Whether CMYK samples count paper, not ink: 255 is no ink, as Adobe's programs write them.
  uint32_t is_inverted;
  /// The fewest bytes that can hold the first component; 0 where no bound is known.
  size_t least_byte_count;
} vci_jpeg_header;

/// Reads a JPEG file up to its first scan.
vci_status vci_jpeg_read_header(
    const uint8_t *bytes, size_t byte_count, vci_jpeg_header *header, vci_failure *failure);

/// Reads the whole of a JPEG file, unless it has more than `scan_limit` scans.
///
/// `samples` takes `[height, width, channels]` of `header`, which came from the same bytes.
vci_status vci_jpeg_read_samples(
    const uint8_t *bytes, size_t byte_count, const vci_jpeg_header *header, int scan_limit,
    uint8_t *samples, vci_failure *failure);

/// A picture to be written as JPEG.
typedef struct vci_jpeg_picture {
  /// Size in pixels.
  uint32_t width, height;
  /// RGB samples `[height, width, 3]`.
  const uint8_t *samples;
  /// An ICC profile, or null.
  const uint8_t *icc_profile;
  /// Bytes of the profile; 0 without one.
  size_t icc_byte_count;
  /// libjpeg's scale, 1...100.
  int quality;
  /// Pixels that share a chroma sample, in each direction: 1 or 2.
  int chroma_step;
} vci_jpeg_picture;

/// Writes `picture` as a JPEG file.
vci_status vci_jpeg_write(
    const vci_jpeg_picture *picture, vci_sink sink, void *context, vci_failure *failure);
