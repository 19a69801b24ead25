#!/bin/bash
# Encodes a list of pictures with GNU parallel, a thousand to a process: parallel_list.sh LIST OUTPUT_FOLDER
#
# The list has a zero byte after each path, as find -print0 writes it.
exec parallel --pipe --recend '\0' -N1000 --jobs "${JOBS-1}" \
  "${VAECODEC-vaecodec}" encode --files-from - --null -o "$2" --writer {#} < "$1"
