#!/bin/sh
# Makes a Debian package of the binary, its manual page and its completions: deb.sh BINARY FOLDER. The
# version and its day are the binary's, so that the same sources give the same package.
set -eu
umask 022
binary=$1
root=$2/root
export DEB_BUILD_OPTIONS=nostrip
version=$("$binary" --version | cut -d ' ' -f 2)
day=$("$binary" manual | awk '$1 == ".TH" { print $4 }')
SOURCE_DATE_EPOCH=$(date -u -d "$day" +%s)
export SOURCE_DATE_EPOCH

rm -rf "$2"
make --no-print-directory install-files BINARY="$binary" DESTDIR="$root" PREFIX=/usr \
  ZSH_FUNCTIONS=vendor-completions

documents=$root/usr/share/doc/vaecodec
mkdir -p "$documents" "$root/DEBIAN" "$2/debian"
cat LICENSE Sources/Packaging/copyright > "$documents/copyright"
cp Sources/Packaging/control "$2/debian/control"
cat > "$2/debian/changelog" <<END
vaecodec ($version) stable; urgency=medium

  * See CHANGELOG.md.

 -- $(sed -n 's/^Maintainer: //p' Sources/Packaging/control)  $(date -u -R -d "@$SOURCE_DATE_EPOCH")
END
gzip -9nc "$2/debian/changelog" > "$documents/changelog.gz"
gzip -9n "$root/usr/share/man/man1/vaecodec.1"

# What the binary is linked with decides on which packages it depends.
cd "$2"
dpkg-shlibdeps root/usr/bin/vaecodec
dpkg-gencontrol -Proot -pvaecodec
(cd root && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) > root/DEBIAN/md5sums
dpkg-deb --build --root-owner-group root . >/dev/null
