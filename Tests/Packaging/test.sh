#!/bin/sh
# Tries the binary and the package of RELEASE in systems without Swift: test.sh RELEASE FOLDER, as root.
# FOLDER keeps an archive of a new Debian system for the next time.
set -eu
release=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
root=$folder/root
archive=$folder/bookworm.tar
packages=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Codename: bookworm' | head -n 1)

discard() {
  if mountpoint -q "$root/proc"; then umount "$root/proc"; fi
  rm -rf --one-file-system "$root"
}
trap discard EXIT

if [ ! -e "$archive" ]; then
  discard
  debootstrap --variant=minbase bookworm "$root" "$packages" >&2
  tar -C "$root" -cf "$archive.new" .
  mv "$archive.new" "$archive"
fi

renew() {
  discard
  mkdir -p "$root"
  tar -C "$root" -xf "$archive"
  mount -t proc proc "$root/proc"
  cp /etc/resolv.conf "$root/etc/"
  cp Fixtures/demo.png "$root/root/"
  chroot "$root" apt-get update -q >/dev/null
}
inside() { DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 chroot "$root" sh -euc "cd /root; $1"; }
install() { inside "apt-get install -q -y --no-install-recommends $* >install.log 2>&1 || { cat install.log; exit 1; }"; }
round_trip='vaecodec encode demo.png; vaecodec decode demo.bin -o decoded.png
  vaecodec compare demo.png decoded.png --min-psnr 32 --min-ssim 0.9
  if find / -xdev -iname "*libswift*" | grep .; then echo "Swift is there" >&2; exit 1; fi'

echo "the binary, beside the libraries:"
renew
install libpng16-16 libjpeg62-turbo libopenblas0
cp "$release/vaecodec" "$root/usr/local/bin/"
inside "$round_trip"

echo "the package:"
renew
cp "$release"/*.deb "$root/root/"
install './*.deb'
inside "$round_trip"
inside 'dpkg --verify vaecodec
  zcat /usr/share/man/man1/vaecodec.1.gz | grep -q "^.SH \"EXIT STATUS\""
  cd /usr/share
  bash -n bash-completion/completions/vaecodec
  test -s zsh/vendor-completions/_vaecodec
  test -s fish/vendor_completions.d/vaecodec.fish
  apt-get purge -q -y vaecodec >/root/purge.log 2>&1
  if find / -xdev -name "*vaecodec*" -not -path "/root/*" | grep .; then
    echo "these stay behind when the package goes" >&2; exit 1
  fi'
echo "the release works in a clean system"
