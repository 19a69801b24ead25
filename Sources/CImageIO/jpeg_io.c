// JPEG files through libjpeg. The function that calls setjmp is never the one that owns the state,
// so that no local variable is in doubt after a jump.
#include "CImageIO.h"

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>
#include <jerror.h>

/// Where an error ends. libjpeg sees the first member.
typedef struct guard {
  struct jpeg_error_mgr manager;
  jmp_buf jump;
  vci_failure *failure;
  vci_status status;
} guard;

/// One file being read.
typedef struct reader {
  struct jpeg_decompress_struct jpeg;
  struct jpeg_source_mgr source;
  struct jpeg_progress_mgr progress;
  guard guard;
  const uint8_t *bytes;
  size_t byte_count;
  int has_hit_end;
  int scan_limit;
} reader;

/// One file being written, by way of `buffer`.
typedef struct writer {
  struct jpeg_compress_struct jpeg;
  struct jpeg_destination_mgr destination;
  guard guard;
  vci_sink sink;
  void *context;
  uint8_t buffer[1 << 14];
} writer;

static void ignore_text(j_common_ptr jpeg) { (void)jpeg; }

/// The status that fits the error `code` of libjpeg.
static vci_status status_of(int code) {
  switch (code) {
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CCIR601_NOTIMPL:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_IMAGE_TOO_BIG:
    case JERR_NOT_COMPILED:
    case JERR_SOF_UNSUPPORTED:
      return VCI_UNSUPPORTED;
    case JERR_OUT_OF_MEMORY:
      return VCI_FAILED;
    default:
      return VCI_CORRUPT;
  }
}

static void fail(j_common_ptr jpeg) {
  guard *g = (guard *)jpeg->err;
  g->manager.format_message(jpeg, g->failure->message);
  if (g->status == VCI_OK) g->status = status_of(g->manager.msg_code);
  longjmp(g->jump, 1);
}

/// Ends the work at a warning that says that samples are lost, and passes over the others.
static void judge_message(j_common_ptr jpeg, int level) {
  if (level >= 0) return;
  switch (jpeg->err->msg_code) {
    case JWRN_ARITH_BAD_CODE:
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
      fail(jpeg);
  }
}

static struct jpeg_error_mgr *arm(guard *g, vci_failure *failure) {
  jpeg_std_error(&g->manager);
  g->manager.error_exit = fail;
  g->manager.emit_message = judge_message;
  g->manager.output_message = ignore_text;
  g->failure = failure;
  return &g->manager;
}

static void start_source(j_decompress_ptr jpeg) { (void)jpeg; }

/// Gives an end-of-image marker at the end of the file: a picture may be whole without its own.
static boolean fill_source(j_decompress_ptr jpeg) {
  static const JOCTET end_of_image[] = {0xFF, JPEG_EOI};
  ((reader *)jpeg->client_data)->has_hit_end = 1;
  jpeg->src->next_input_byte = end_of_image;
  jpeg->src->bytes_in_buffer = sizeof end_of_image;
  return TRUE;
}

static void skip_source(j_decompress_ptr jpeg, long byte_count) {
  if (byte_count <= 0) return;
  if ((size_t)byte_count > jpeg->src->bytes_in_buffer) {
    fill_source(jpeg);
  } else {
    jpeg->src->next_input_byte += byte_count;
    jpeg->src->bytes_in_buffer -= (size_t)byte_count;
  }
}

static void count_scans(j_common_ptr jpeg) {
  reader *r = jpeg->client_data;
  if (jpeg->is_decompressor && r->jpeg.input_scan_number > r->scan_limit) {
    r->guard.status = VCI_TOO_MANY_SCANS;
    ERREXIT(jpeg, JERR_BAD_PROGRESSION);
  }
}

/// Makes the decompressor and reads up to the first scan.
static void open_reader(reader *r) {
  jpeg_create_decompress(&r->jpeg);
  r->jpeg.client_data = r;
  r->source = (struct jpeg_source_mgr){
      .next_input_byte = r->bytes,
      .bytes_in_buffer = r->byte_count,
      .init_source = start_source,
      .fill_input_buffer = fill_source,
      .skip_input_data = skip_source,
      .resync_to_restart = jpeg_resync_to_restart,
      .term_source = start_source};
  r->jpeg.src = &r->source;
  r->progress.progress_monitor = count_scans;
  r->jpeg.progress = &r->progress;
  jpeg_read_header(&r->jpeg, TRUE);
}

static void describe(reader *r, vci_jpeg_header *header) {
  J_COLOR_SPACE stored = r->jpeg.jpeg_color_space;
  if (stored == JCS_UNKNOWN) ERREXIT(&r->jpeg, JERR_CONVERSION_NOTIMPL);
  int is_cmyk = stored == JCS_CMYK || stored == JCS_YCCK;
  header->width = r->jpeg.image_width;
  header->height = r->jpeg.image_height;
  header->channels = is_cmyk ? 4 : 3;
  header->is_inverted = is_cmyk && r->jpeg.saw_Adobe_marker;
  // A Huffman code has a bit at least, and every block has one for its mean.
  size_t blocks = (size_t)r->jpeg.comp_info[0].width_in_blocks *
                  (size_t)r->jpeg.comp_info[0].height_in_blocks;
  header->least_byte_count = r->jpeg.arith_code ? 0 : blocks / 8;
}

/// The status of a reader after a jump, or after an end of the file that it could not do without.
static vci_status settle(reader *r, vci_status status) {
  r->guard.failure->offset =
      r->has_hit_end ? r->byte_count : r->byte_count - r->source.bytes_in_buffer;
  return r->has_hit_end && status == VCI_CORRUPT ? VCI_TRUNCATED : status;
}

static vci_status read_header(reader *r, vci_jpeg_header *header) {
  if (setjmp(r->guard.jump)) return settle(r, r->guard.status);
  open_reader(r);
  describe(r, header);
  return VCI_OK;
}

static vci_status read_samples(reader *r, const vci_jpeg_header *expected, uint8_t *samples) {
  vci_jpeg_header header;
  if (setjmp(r->guard.jump)) return settle(r, r->guard.status);
  open_reader(r);
  describe(r, &header);
  r->jpeg.out_color_space = header.channels == 4 ? JCS_CMYK : JCS_RGB;
  r->jpeg.dct_method = JDCT_ISLOW;
  r->jpeg.do_fancy_upsampling = TRUE;
  // Of several scans, and of arithmetic coding, which reads on as if zeros followed, only the
  // marker at the end shows that the picture is whole. One scan of Huffman codes is whole when its
  // rows are.
  int needs_end = jpeg_has_multiple_scans(&r->jpeg) || r->jpeg.arith_code;
  jpeg_start_decompress(&r->jpeg);
  if (r->jpeg.output_width != expected->width || r->jpeg.output_height != expected->height ||
      header.channels != expected->channels)
    ERREXIT(&r->jpeg, JERR_BAD_STATE);
  size_t row = (size_t)expected->width * expected->channels;
  while (r->jpeg.output_scanline < r->jpeg.output_height) {
    JSAMPROW target = samples + r->jpeg.output_scanline * row;
    jpeg_read_scanlines(&r->jpeg, &target, 1);
  }
  return r->has_hit_end && needs_end ? settle(r, VCI_CORRUPT) : VCI_OK;
}

vci_status vci_jpeg_read_header(
    const uint8_t *bytes, size_t byte_count, vci_jpeg_header *header, vci_failure *failure) {
  reader r = {.bytes = bytes, .byte_count = byte_count, .scan_limit = 1};
  r.jpeg.err = arm(&r.guard, failure);
  vci_status status = read_header(&r, header);
  jpeg_destroy_decompress(&r.jpeg);
  return status;
}

vci_status vci_jpeg_read_samples(
    const uint8_t *bytes, size_t byte_count, const vci_jpeg_header *header, int scan_limit,
    uint8_t *samples, vci_failure *failure) {
  reader r = {.bytes = bytes, .byte_count = byte_count, .scan_limit = scan_limit};
  r.jpeg.err = arm(&r.guard, failure);
  vci_status status = read_samples(&r, header, samples);
  jpeg_destroy_decompress(&r.jpeg);
  return status;
}

static void start_buffer(j_compress_ptr jpeg) {
  writer *w = jpeg->client_data;
  w->destination.next_output_byte = w->buffer;
  w->destination.free_in_buffer = sizeof w->buffer;
}

static boolean empty_buffer(j_compress_ptr jpeg) {
  writer *w = jpeg->client_data;
  w->sink(w->context, w->buffer, sizeof w->buffer);
  start_buffer(jpeg);
  return TRUE;
}

static void finish_buffer(j_compress_ptr jpeg) {
  writer *w = jpeg->client_data;
  w->sink(w->context, w->buffer, sizeof w->buffer - w->destination.free_in_buffer);
}

/// Makes the compressor and sets what it is to write.
static void open_writer(writer *w, const vci_jpeg_picture *picture) {
  jpeg_create_compress(&w->jpeg);
  w->jpeg.client_data = w;
  w->destination = (struct jpeg_destination_mgr){
      .init_destination = start_buffer,
      .empty_output_buffer = empty_buffer,
      .term_destination = finish_buffer};
  w->jpeg.dest = &w->destination;
  w->jpeg.image_width = picture->width;
  w->jpeg.image_height = picture->height;
  w->jpeg.input_components = 3;
  w->jpeg.in_color_space = JCS_RGB;
  jpeg_set_defaults(&w->jpeg);
  jpeg_set_quality(&w->jpeg, picture->quality, TRUE);
  w->jpeg.comp_info[0].h_samp_factor = picture->chroma_step;
  w->jpeg.comp_info[0].v_samp_factor = picture->chroma_step;
  w->jpeg.dct_method = JDCT_ISLOW;
  w->jpeg.optimize_coding = TRUE;
}

static vci_status write_picture(writer *w, const vci_jpeg_picture *picture) {
  if (setjmp(w->guard.jump)) return VCI_FAILED;
  open_writer(w, picture);
  jpeg_start_compress(&w->jpeg, TRUE);
  if (picture->icc_byte_count > 0)
    jpeg_write_icc_profile(
        &w->jpeg, picture->icc_profile, (unsigned int)picture->icc_byte_count);
  size_t row = (size_t)picture->width * 3;
  while (w->jpeg.next_scanline < w->jpeg.image_height) {
    // libjpeg's rows are not const, but it only reads them here.
    JSAMPROW source = (JSAMPROW)picture->samples + w->jpeg.next_scanline * row;
    jpeg_write_scanlines(&w->jpeg, &source, 1);
  }
  jpeg_finish_compress(&w->jpeg);
  return VCI_OK;
}

vci_status vci_jpeg_write(
    const vci_jpeg_picture *picture, vci_sink sink, void *context, vci_failure *failure) {
  writer w = {.sink = sink, .context = context};
  w.jpeg.err = arm(&w.guard, failure);
  vci_status status = write_picture(&w, picture);
  jpeg_destroy_compress(&w.jpeg);
  return status;
}
