// PNG files through libpng. The function that calls setjmp is never the one that owns the state, so
// that no local variable is in doubt after a jump.
#include "CImageIO.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

/// A chunk of metadata larger than this is refused: ICC profiles of printers reach a few MB.
#define CHUNK_BYTE_LIMIT (16u << 20)

/// zlib's level for what is written, with the filters Sub and Up. Measured on pictures of 4000x3000
/// (one core of a Zen 5, zlib 1.2.13): 1.0...1.5 s, and files 0.5...6 % larger than level 6 with
/// all filters makes in 4 s. Level 2 saves 0.3 s more, and its files are 2...5 % larger still.
#define COMPRESSION_LEVEL 3

/// The chunks that are skipped unread, so that compressed text costs nothing.
static const png_byte skipped_chunks[] =
    "bKGD\0cHRM\0eXIf\0gAMA\0hIST\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0sRGB\0tEXt\0tIME\0"
    "zTXt";

/// One file being read or written.
typedef struct session {
  jmp_buf jump;
  png_structp png;
  png_infop info;
  vci_failure *failure;
  vci_status status;
  const uint8_t *bytes;
  size_t byte_count, offset;
  vci_sink sink;
  void *context;
} session;

static void fail(png_structp png, png_const_charp message) {
  session *s = png_get_error_ptr(png);
  snprintf(s->failure->message, sizeof s->failure->message, "%s", message);
  s->failure->offset = s->offset;
  longjmp(s->jump, 1);
}

static void ignore_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void take_bytes(png_structp png, png_bytep target, size_t byte_count) {
  session *s = png_get_io_ptr(png);
  if (byte_count > s->byte_count - s->offset) {
    s->status = VCI_TRUNCATED;
    s->offset = s->byte_count;
    png_error(png, "unexpected end of file");
  }
  memcpy(target, s->bytes + s->offset, byte_count);
  s->offset += byte_count;
}

static void give_bytes(png_structp png, png_bytep bytes, size_t byte_count) {
  session *s = png_get_io_ptr(png);
  s->sink(s->context, bytes, byte_count);
}

static void flush_nothing(png_structp png) { (void)png; }

/// Makes the reader and reads up to the first IDAT chunk.
static void open_reader(session *s) {
  s->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, s, fail, ignore_warning);
  s->info = s->png ? png_create_info_struct(s->png) : NULL;
  if (!s->info) {
    s->status = VCI_FAILED;
    snprintf(s->failure->message, sizeof s->failure->message, "libpng could not be started");
    longjmp(s->jump, 1);
  }
  png_set_read_fn(s->png, s, take_bytes);
  png_set_user_limits(s->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_chunk_malloc_max(s->png, CHUNK_BYTE_LIMIT);
  png_set_keep_unknown_chunks(
      s->png, PNG_HANDLE_CHUNK_NEVER, skipped_chunks, (int)(sizeof skipped_chunks / 5));
  png_read_info(s->png, s->info);
}

/// The profile inside the info structure, or null.
static const uint8_t *find_profile(session *s, size_t *byte_count) {
  png_charp name;
  png_bytep profile = NULL;
  png_uint_32 length = 0;
  int method;
  if (!png_get_iCCP(s->png, s->info, &name, &method, &profile, &length)) length = 0;
  *byte_count = length;
  return profile;
}

static void describe(session *s, vci_png_header *header) {
  png_byte type = png_get_color_type(s->png, s->info);
  png_byte depth = png_get_bit_depth(s->png, s->info);
  int has_alpha = (type & PNG_COLOR_MASK_ALPHA) || png_get_valid(s->png, s->info, PNG_INFO_tRNS);
  header->width = png_get_image_width(s->png, s->info);
  header->height = png_get_image_height(s->png, s->info);
  header->channels = has_alpha ? 4 : 3;
  header->bit_depth = depth == 16 ? 16 : 8;
  header->stored_bits_per_pixel = (uint32_t)depth * png_get_channels(s->png, s->info);
  find_profile(s, &header->icc_byte_count);
}

static vci_status read_header(session *s, vci_png_header *header) {
  if (setjmp(s->jump)) return s->status;
  open_reader(s);
  describe(s, header);
  return VCI_OK;
}

/// 16-bit samples are big-endian in the file.
static void swap_samples(png_structp png) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  png_set_swap(png);
#else
  (void)png;
#endif
}

/// Asks for RGB or RGBA of 8 or 16 bits and returns the number of passes.
static int expand_samples(session *s) {
  png_byte type = png_get_color_type(s->png, s->info);
  png_byte depth = png_get_bit_depth(s->png, s->info);
  if (type == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(s->png);
  if (type == PNG_COLOR_TYPE_GRAY && depth < 8) png_set_expand_gray_1_2_4_to_8(s->png);
  if (png_get_valid(s->png, s->info, PNG_INFO_tRNS)) png_set_tRNS_to_alpha(s->png);
  if (!(type & PNG_COLOR_MASK_COLOR)) png_set_gray_to_rgb(s->png);
  if (depth == 16) swap_samples(s->png);
  int passes = png_set_interlace_handling(s->png);
  png_read_update_info(s->png, s->info);
  return passes;
}

static vci_status read_samples(
    session *s, const vci_png_header *expected, uint8_t *samples, uint8_t *icc_profile) {
  vci_png_header header;
  if (setjmp(s->jump)) return s->status;
  open_reader(s);
  describe(s, &header);
  int passes = expand_samples(s);
  size_t row = (size_t)expected->width * expected->channels * (expected->bit_depth / 8);
  if (header.height != expected->height || header.icc_byte_count != expected->icc_byte_count ||
      png_get_rowbytes(s->png, s->info) != row)
    png_error(s->png, "the header changed while the file was read");
  const uint8_t *profile = find_profile(s, &header.icc_byte_count);
  if (header.icc_byte_count > 0) memcpy(icc_profile, profile, header.icc_byte_count);
  for (int pass = 0; pass < passes; pass++)
    for (size_t y = 0; y < header.height; y++) png_read_row(s->png, samples + y * row, NULL);
  png_read_end(s->png, NULL);
  return VCI_OK;
}

vci_status vci_png_read_header(
    const uint8_t *bytes, size_t byte_count, vci_png_header *header, vci_failure *failure) {
  session s = {
      .failure = failure, .status = VCI_CORRUPT, .bytes = bytes, .byte_count = byte_count};
  vci_status status = read_header(&s, header);
  png_destroy_read_struct(&s.png, &s.info, NULL);
  return status;
}

vci_status vci_png_read_samples(
    const uint8_t *bytes, size_t byte_count, const vci_png_header *header, void *samples,
    uint8_t *icc_profile, vci_failure *failure) {
  session s = {
      .failure = failure, .status = VCI_CORRUPT, .bytes = bytes, .byte_count = byte_count};
  vci_status status = read_samples(&s, header, samples, icc_profile);
  png_destroy_read_struct(&s.png, &s.info, NULL);
  return status;
}

/// Makes the writer and writes all that stands before the first IDAT chunk.
static void open_writer(session *s, const vci_png_picture *picture) {
  s->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, s, fail, ignore_warning);
  s->info = s->png ? png_create_info_struct(s->png) : NULL;
  if (!s->info) {
    snprintf(s->failure->message, sizeof s->failure->message, "libpng could not be started");
    longjmp(s->jump, 1);
  }
  png_set_write_fn(s->png, s, give_bytes, flush_nothing);
  png_set_user_limits(s->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_IHDR(
      s->png, s->info, picture->width, picture->height, (int)picture->bit_depth,
      picture->channels == 4 ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
      PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_benign_errors(s->png, 1);
  if (picture->icc_byte_count > 0)
    png_set_iCCP(
        s->png, s->info, "ICC profile", PNG_COMPRESSION_TYPE_BASE, picture->icc_profile,
        (png_uint_32)picture->icc_byte_count);
  png_set_compression_level(s->png, COMPRESSION_LEVEL);
  png_set_filter(s->png, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB | PNG_FILTER_UP);
  png_set_compression_buffer_size(s->png, 1 << 16);
  png_write_info(s->png, s->info);
  if (picture->bit_depth == 16) swap_samples(s->png);
}

static vci_status write_picture(session *s, const vci_png_picture *picture) {
  if (setjmp(s->jump)) return VCI_FAILED;
  open_writer(s, picture);
  size_t row = (size_t)picture->width * picture->channels * (picture->bit_depth / 8);
  const uint8_t *samples = picture->samples;
  for (size_t y = 0; y < picture->height; y++) png_write_row(s->png, samples + y * row);
  png_write_end(s->png, NULL);
  return VCI_OK;
}

vci_status vci_png_write(
    const vci_png_picture *picture, vci_sink sink, void *context, vci_failure *failure) {
  session s = {.failure = failure, .status = VCI_FAILED, .sink = sink, .context = context};
  vci_status status = write_picture(&s, picture);
  png_destroy_write_struct(&s.png, &s.info);
  return status;
}
