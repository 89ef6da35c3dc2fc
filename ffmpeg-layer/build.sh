#!/usr/bin/env bash
# Builds the ffmpeg and ffprobe that travel with the function app, from Debian 12's source packages, into ffmpeg-layer/out.
#   build.sh            builds
#   build.sh --twice    builds again in another folder and fails unless both are the same to the byte
# Needs Debian 12; as root it installs what the build needs, otherwise it says what is missing. JOBS=n (default: all cores).
set -euo pipefail
export LC_ALL=C TZ=UTC
umask 022
# Debian's own tools, told nothing by the caller's environment: flags or another assembler would make other bytes.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
unset CC CPP CXX AR LD NM RANLIB STRIP CFLAGS CPPFLAGS CXXFLAGS LDFLAGS ASFLAGS CPATH C_INCLUDE_PATH LIBRARY_PATH COMPILER_PATH \
  GCC_EXEC_PREFIX MAKEFLAGS \
  PKG_CONFIG PKG_CONFIG_PATH PKG_CONFIG_LIBDIR PKG_CONFIG_SYSROOT_DIR

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$here/out
jobs=${JOBS:-$(nproc)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

die() { echo "ffmpeg-layer: $*" >&2; exit 1; }

# shellcheck source=/dev/null
. /etc/os-release
# Other releases have other sources: the same script would make other bytes.
[[ ${ID:-} == debian && ${VERSION_ID:-} == 12 && $(dpkg --print-architecture) == amd64 ]] || die "this builds on Debian 12 for amd64 only"

# --- what the build needs ---------------------------------------------------------------------------------------------------------------

packages=(gcc libc6-dev make dpkg-dev patch xz-utils pkgconf nasm meson ninja-build zlib1g-dev libx264-dev)

missing=()
for package in "${packages[@]}"; do
  dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
if ((${#missing[@]} > 0)); then
  [[ $(id -u) == 0 ]] || die "needed and not installed: ${missing[*]} (apt-get install)"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# --- sources ----------------------------------------------------------------------------------------------------------------------------

# The machine's own package sources, asked for source packages; its apt configuration stays as it is.
apt=$work/apt
mkdir -p "$apt/parts" "$apt/lists/partial" "$apt/cache/archives/partial"
for file in /etc/apt/sources.list.d/*.sources; do
  [[ -e $file ]] && sed -E 's/^Types:.*/Types: deb-src/I' "$file" >"$apt/parts/$(basename "$file")"
done
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
  [[ -e $file ]] && sed -nE 's/^[[:space:]]*deb[[:space:]]/deb-src /p' "$file" >"$apt/parts/$(basename "$file" .list).list"
done
# Index files are verified against the archive's signature as always; only who downloads differs: the folder is ours, not _apt's.
options=(-o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$apt/parts" -o "Dir::State::lists=$apt/lists"
  -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root)

mkdir "$work/sources"
apt-get "${options[@]}" -qq update
(cd "$work/sources" && apt-get "${options[@]}" -qq source --only-source ffmpeg dav1d >/dev/null)

sources() { find "$work/sources" -maxdepth 1 -type d -name "$1-*"; }
source_version() { dpkg-parsechangelog --file "$(sources "$1")/debian/changelog" --show-field Version; }

SOURCE_DATE_EPOCH=$(dpkg-parsechangelog --file "$(sources ffmpeg)/debian/changelog" --show-field Timestamp)
export SOURCE_DATE_EPOCH

# --- build ------------------------------------------------------------------------------------------------------------------------------

# A static PIE: runs wherever Linux does, at an address nobody knows beforehand. It reads files from strangers.
# C needs no unwind tables, and no function that nobody calls: a tenth of the size.
flags="-fPIE -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fno-asynchronous-unwind-tables -fno-unwind-tables"
flags+=" -ffunction-sections -fdata-sections"
# What FFmpeg is told; it writes this line into the programs, so nothing here may depend on the machine or the folder.
configuration=(
  --disable-everything --disable-autodetect --disable-network --disable-avdevice --disable-postproc --disable-doc --disable-ffplay
  --disable-debug
  --enable-gpl --enable-libx264 --enable-libdav1d --enable-zlib --enable-pic
  --pkg-config-flags=--static
  "--extra-cflags=$flags"
  '--extra-ldflags=-static-pie -Wl,-z,relro,-z,now -Wl,--gc-sections'
  "--extra-version=$(source_version ffmpeg | sed 's/^[^-]*-//')"
)
while read -r kind names; do
  configuration+=("--enable-${kind%:}=${names// /,}")
done < <(grep -vE '^(#|$)' "$here/components.conf")

# Every component asked for must be in: a misspelt or unmet name is only a warning to configure.
check_components() {
  local kind names name macro bad=()
  while read -r kind names; do
    for name in $names; do
      macro="CONFIG_${name}_${kind%:}"
      grep -qx "#define ${macro^^} 1" config_components.h || bad+=("${kind%:} $name")
    done
  done < <(grep -vE '^(#|$)' "$here/components.conf")
  ((${#bad[@]} == 0)) || die "FFmpeg has no: $(printf '%s; ' "${bad[@]}")"
}

# FOLDER: builds there, and leaves FOLDER/ffmpeg/{ffmpeg,ffprobe}.
build() {
  local folder=$1
  mkdir -p "$folder/ffmpeg"
  # Debian has dav1d as a shared library only.
  cp -a "$(sources dav1d)" "$folder/dav1d"
  (
    cd "$folder/dav1d"
    meson setup build --prefix=/ --libdir=lib --buildtype=release --default-library=static -Db_staticpic=true -Db_ndebug=true \
      -Denable_tools=false -Denable_tests=false >/dev/null
    ninja -C build -j "$jobs" >ninja.log 2>&1 || { tail -n 20 ninja.log >&2; die "dav1d cannot be built"; }
    DESTDIR=$folder/dependencies meson install -C build --quiet --no-rebuild
    sed -i "s|^prefix=.*|prefix=$folder/dependencies|" "$folder/dependencies/lib/pkgconfig/dav1d.pc"
  )
  # Out of tree by a relative path, so that no object file knows where it was made.
  cp -a "$(sources ffmpeg)" "$folder/source"
  (
    cd "$folder/ffmpeg"
    PKG_CONFIG_PATH=$folder/dependencies/lib/pkgconfig ../source/configure "${configuration[@]}" >configure.log ||
      { tail -n 20 ffbuild/config.log >&2; die "configure failed"; }
    check_components
    make -s -j "$jobs" ffmpeg ffprobe >make.log 2>&1 || { tail -n 20 make.log >&2; die "make failed"; }
  )
}

build "$work/first"
if [[ ${1:-} == --twice ]]; then
  build "$work/a-second-time-elsewhere"
  for program in ffmpeg ffprobe; do
    cmp "$work/first/ffmpeg/$program" "$work/a-second-time-elsewhere/ffmpeg/$program" || die "two builds of $program differ"
  done
  echo "two builds are the same"
fi

# --- what travels -----------------------------------------------------------------------------------------------------------------------

rm -rf "$out"
mkdir -p "$out/licences"
install -m 0755 "$work/first/ffmpeg/ffmpeg" "$work/first/ffmpeg/ffprobe" "$out/"

printf '%s\n' "${configuration[@]}" >"$out/configure.txt"
{
  echo "# Source packages of Debian 12 that are in these programs; 'apt-get source NAME=VERSION' gives the sources the GPL promises."
  echo "ffmpeg $(source_version ffmpeg)"
  echo "dav1d $(source_version dav1d)"
  for package in libx264-dev zlib1g-dev libc6-dev libgcc-12-dev; do
    # shellcheck disable=SC2016 # Fields of dpkg-query, not of the shell.
    dpkg-query --show --showformat '${source:Package} ${source:Version}\n' "$package"
  done
} >"$out/versions.txt"

# Whoever hands the programs on owes the texts and the sources: all of it lies in one folder, which goes wherever the programs go.
licences=$out/licences
cp "$(sources ffmpeg)/COPYING.GPLv2" "$licences/GPL-2.txt"
cp "$(sources ffmpeg)/COPYING.LGPLv2.1" "$licences/LGPL-2.1.txt"
cp /usr/share/common-licenses/GPL-3 "$licences/GPL-3.txt"
cp "$(sources ffmpeg)/debian/copyright" "$licences/ffmpeg.txt"
cp "$(sources dav1d)/COPYING" "$licences/dav1d.txt"
cp /usr/share/doc/libx264-dev/copyright "$licences/x264.txt"
cp /usr/share/doc/zlib1g-dev/copyright "$licences/zlib.txt"
cp /usr/share/doc/libc6-dev/copyright "$licences/glibc.txt"
cp /usr/share/doc/libgcc-12-dev/copyright "$licences/libgcc.txt"
cp "$here/build.sh" "$here/components.conf" "$out/configure.txt" "$out/versions.txt" "$licences/"
cat >"$licences/README.txt" <<'TEXT'
The programs ffmpeg and ffprobe in the folder above contain FFmpeg with GPL parts and libx264. As a whole they are under the GNU General
Public License, version 2 or (at your option) any later version: GPL-2.txt. There is no warranty.

In them:            under:                                              text:
FFmpeg              GPL 2 or later, parts LGPL 2.1 or later             ffmpeg.txt, GPL-2.txt, LGPL-2.1.txt
x264                GPL 2 or later                                      x264.txt, GPL-2.txt
dav1d               BSD, two clauses                                    dav1d.txt
zlib                zlib's own                                          zlib.txt
GNU C library       LGPL 2.1 or later                                   glibc.txt, LGPL-2.1.txt
libgcc              GPL 3 or later with the GCC runtime exception       libgcc.txt, GPL-3.txt

The complete source code: versions.txt names each source package of Debian 12 with its version. `apt-get source NAME=VERSION` fetches
it, and the snapshot archive of Debian keeps every version there was. build.sh with components.conf makes these programs from it, to the
byte; configure.txt is what FFmpeg is configured with.
TEXT

(cd "$out" && sha256sum ffmpeg ffprobe >SHA256SUMS && stat --format '%s %n' ffmpeg ffprobe && cat SHA256SUMS)
