#!/usr/bin/env bash
# Runs the layer against a clip of every container and codec the product takes, made here by the machine's own ffmpeg, and checks what it
# must refuse.
#   smoke-test.sh [FOLDER]    FOLDER holds ffmpeg and ffprobe (default: ffmpeg-layer/out)
# Each clip must be described and decoded as the machine's own ffmpeg does it, frame by frame.
# Every failure is listed; the exit code counts them.
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
layer=$(readlink -f "${1:-$here/out}")
reference=${REFERENCE_FFMPEG:-$(command -v ffmpeg || true)}
[[ -x $layer/ffmpeg && -x $layer/ffprobe ]] || { echo "no ffmpeg and ffprobe in $layer: run ffmpeg-layer/build.sh" >&2; exit 2; }
[[ -n $reference && $(readlink -f "$reference") != "$layer/ffmpeg" ]] ||
  { echo "the machine's own ffmpeg is needed to make clips: apt-get install ffmpeg" >&2; exit 2; }
# Without it the checks of the programs themselves would find nothing wrong with anything.
command -v readelf >/dev/null || { echo "readelf is needed: apt-get install binutils" >&2; exit 2; }
reference_probe=$(dirname "$reference")/ffprobe

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failures=()
pass() { passed=$((passed + 1)); }
fail() { failures+=("$1"); echo "FAILED: $1" >&2; }
# WHAT COMMAND…: the command must succeed.
check() {
  local what=$1
  shift
  if "$@" >"$work/check.log" 2>&1; then pass; else fail "$what: $(tail -n 2 "$work/check.log" | tr '\n' ' ')"; fi
}

# --- the programs themselves ------------------------------------------------------------------------------------------------------------

if [[ -e $layer/SHA256SUMS ]]; then
  check "the hashes beside the programs are theirs" bash -c "cd '$layer' && sha256sum --check --quiet SHA256SUMS"
fi
size=0
for program in ffmpeg ffprobe; do
  size=$((size + $(stat --format %s "$layer/$program")))
  # No interpreter and no needed library: the program runs on any Linux of this architecture.
  if readelf --program-headers --dynamic --wide "$layer/$program" | grep -Eq 'INTERP|\(NEEDED\)'; then
    fail "$program is not static"
  else
    pass
  fi
  if readelf --sections --wide "$layer/$program" | grep -Eq ' \.(symtab|debug_info) '; then fail "$program is not stripped"; else pass; fi
done
if ((size < 30000000)); then pass; else fail "both programs have $size bytes, 30000000 is the most"; fi

# --- clips ------------------------------------------------------------------------------------------------------------------------------

# One second, small, with sound; -bitexact and one thread make the same clip everywhere.
picture=(-f lavfi -i testsrc2=size=128x96:rate=25:duration=1)
sound=(-f lavfi -i sine=frequency=440:sample_rate=48000:duration=1)
cat >"$work/words.srt" <<'SRT'
1
00:00:00,100 --> 00:00:00,900
Grüße, 日本語 & <i>words</i>
SRT

clips=()
# NAME OPTIONS…: makes a clip with picture and sound.
clip() {
  local name=$1
  shift
  if "$reference" -nostdin -y -v error "${picture[@]}" "${sound[@]}" -threads 1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact \
    "$@" "$work/$name" 2>"$work/clip.log"; then
    clips+=("$name")
  else
    fail "clip $name cannot be made: $(tail -n 1 "$work/clip.log")"
  fi
}
# NAME OPTIONS…: sound only.
sound_clip() { local name=$1; shift; clip "$name" -map 1 "$@"; }

clip h264-aac.mp4 -c:v libx264 -pix_fmt yuv420p -c:a aac
clip h264-10bit-alac.mov -c:v libx264 -pix_fmt yuv420p10 -c:a alac
clip h264-fragments.mp4 -c:v libx264 -pix_fmt yuv420p -c:a aac -movflags +frag_keyframe+empty_moov
clip hevc-aac.mp4 -c:v libx265 -x265-params log-level=error -tag:v hvc1 -c:a aac
clip hevc-10bit-eac3.mkv -c:v libx265 -x265-params log-level=error -pix_fmt yuv420p10 -c:a eac3
clip av1-opus.mp4 -c:v libsvtav1 -preset 12 -c:a libopus
clip av1-opus.webm -c:v libaom-av1 -cpu-used 8 -c:a libopus
clip vp8-vorbis.webm -c:v libvpx -c:a libvorbis
clip vp9-opus.webm -c:v libvpx-vp9 -deadline realtime -c:a libopus
clip vp9-flac.mp4 -c:v libvpx-vp9 -deadline realtime -c:a flac -strict -2
clip h264-ac3.mkv -c:v libx264 -c:a ac3
clip h264-dts.mkv -c:v libx264 -c:a dca -strict -2
clip h264-truehd.mkv -c:v libx264 -c:a truehd -strict -2
clip h264-pcm.mkv -c:v libx264 -c:a pcm_s24le
clip h264-mp3.mkv -c:v libx264 -c:a libmp3lame
clip ffv1-flac.mkv -c:v ffv1 -c:a flac
clip theora-vorbis.ogv -c:v libtheora -c:a libvorbis
clip mpeg4-mp3.avi -c:v mpeg4 -vtag XVID -c:a libmp3lame
clip divx3-mp3.avi -c:v msmpeg4 -c:a libmp3lame
clip msmpeg4v2-adpcm.avi -c:v msmpeg4v2 -c:a adpcm_ms
clip mjpeg-pcm.avi -c:v mjpeg -pix_fmt yuvj420p -c:a pcm_s16le
clip huffyuv-pcm.avi -c:v huffyuv -pix_fmt yuv422p -c:a pcm_s16le
clip utvideo-pcm.avi -c:v utvideo -pix_fmt yuv420p -c:a pcm_s16le
clip dv-pcm.avi -c:v dvvideo -s 720x576 -pix_fmt yuv420p -c:a pcm_s16le
clip dv.dv -c:v dvvideo -s 720x576 -pix_fmt yuv420p -c:a pcm_s16le -ac 2
clip h264-aac.ts -c:v libx264 -c:a aac
clip hevc-ac3.m2ts -c:v libx265 -x265-params log-level=error -c:a ac3
clip mpeg2-mp2.ts -c:v mpeg2video -c:a mp2
clip mpeg2-ac3.vob -c:v mpeg2video -c:a ac3
clip mpeg1-mp2.mpg -c:v mpeg1video -c:a mp2
clip h263-aac.3gp -c:v h263 -s 176x144 -c:a aac
clip flv1-mp3.flv -c:v flv -c:a libmp3lame -ar 44100
clip h264-aac.flv -c:v libx264 -c:a aac
clip wmv1-wma1.wmv -c:v wmv1 -c:a wmav1
clip wmv2-wma2.wmv -c:v wmv2 -c:a wmav2
clip prores-pcm.mov -c:v prores_ks -c:a pcm_s24le
clip prores-4444.mov -c:v prores_ks -pix_fmt yuva444p10 -c:a pcm_s16be
clip dnxhr-pcm.mov -c:v dnxhd -profile:v dnxhr_lb -s 256x144 -pix_fmt yuv422p -c:a pcm_s16le
clip mpeg2-pcm.mxf -c:v mpeg2video -c:a pcm_s16le
clip dnxhr-pcm.mxf -c:v dnxhd -profile:v dnxhr_lb -s 256x144 -pix_fmt yuv422p -c:a pcm_s16le
clip mjpeg-ulaw.mov -c:v mjpeg -pix_fmt yuvj420p -c:a pcm_mulaw
clip cineform-pcm.mov -c:v cfhd -c:a pcm_s16le
clip rle-ima.mov -c:v qtrle -pix_fmt rgb24 -c:a adpcm_ima_qt -ar 44100
clip rv20-ac3.rm -c:v rv20 -s 176x144 -c:a ac3
clip picture.gif -map 0 -c:v gif
clip raw.h264 -map 0 -c:v libx264
clip raw.h265 -map 0 -f hevc -c:v libx265 -x265-params log-level=error
clip raw.ivf -map 0 -c:v libvpx
sound_clip pcm.wav -c:a pcm_s16le
sound_clip float.wav -c:a pcm_f32le
sound_clip ima.wav -c:a adpcm_ima_wav
sound_clip pcm.aiff -c:a pcm_s16be
sound_clip mp3.mp3 -c:a libmp3lame
sound_clip flac.flac -c:a flac
sound_clip aac.aac -c:a aac
sound_clip alac.m4a -c:a alac
sound_clip opus.ogg -c:a libopus
sound_clip vorbis.ogg -c:a libvorbis
sound_clip speex.ogg -c:a libspeex -ar 16000
sound_clip wma2.wma -c:a wmav2
sound_clip ac3.ac3 -c:a ac3
sound_clip eac3.eac3 -c:a eac3
sound_clip dts.dts -c:a dca -strict -2
# What ffprobe is asked for, and each decoded frame's checksum. The names of decoders may differ, what they make may not.
described=stream=index,codec_type,codec_name,profile,width,height,pix_fmt,sample_rate,channels:format=format_name
describe() { "$1" -v error -show_entries "$described" -of json "$2"; }
frames() { "$1" -nostdin -v error -threads 1 -bitexact -i "$2" -map 0 -sn -dn -f framemd5 - | grep -v '^#'; }

for name in "${clips[@]}"; do
  file=$work/$name
  if ! describe "$layer/ffprobe" "$file" >"$work/ours" 2>"$work/error"; then fail "$name: ffprobe: $(tail -n 1 "$work/error")"; continue; fi
  describe "$reference_probe" "$file" >"$work/theirs" 2>/dev/null || true
  if cmp -s "$work/ours" "$work/theirs"; then
    pass
  else
    fail "$name is described differently: $(diff "$work/ours" "$work/theirs" | tr -s '\n ' ' ')"
  fi
  if ! frames "$layer/ffmpeg" "$file" >"$work/ours" 2>"$work/error"; then fail "$name: ffmpeg: $(tail -n 1 "$work/error")"; continue; fi
  frames "$reference" "$file" >"$work/theirs" 2>/dev/null || true
  if [[ -s $work/ours ]] && cmp -s "$work/ours" "$work/theirs"; then pass; else fail "$name is decoded differently"; fi
done

# --- what the vault does with them ------------------------------------------------------------------------------------------------------

ours=("$layer/ffmpeg" -nostdin -y -v error)
check "remux of Matroska to MP4, moov first" "${ours[@]}" -i "$work/h264-ac3.mkv" -map 0 -c copy -movflags +faststart -f mp4 \
  "$work/remux.mp4"
check "remux of WebM to MP4" "${ours[@]}" -i "$work/vp9-opus.webm" -map 0 -c copy -strict -2 -movflags +faststart -f mp4 "$work/remux2.mp4"
check "remux of a transport stream" "${ours[@]}" -i "$work/h264-aac.ts" -map 0 -c copy -movflags +faststart -f mp4 "$work/remux3.mp4"
check "remux of HEVC, tagged for browsers" "${ours[@]}" -i "$work/hevc-ac3.m2ts" -map 0 -c copy -tag:v hvc1 -movflags +faststart -f mp4 \
  "$work/remux4.mp4"
check "remux of AVI with packed frames" "${ours[@]}" -fflags +genpts -i "$work/mpeg4-mp3.avi" -map 0 -c copy -bsf:v mpeg4_unpack_bframes \
  -movflags +faststart -f mp4 "$work/remux5.mp4"
check "fragmented to plain MP4" "${ours[@]}" -i "$work/h264-fragments.mp4" -c copy -movflags +faststart -f mp4 "$work/remux6.mp4"
check "sound to AAC" "${ours[@]}" -i "$work/h264-dts.mkv" -c:v copy -c:a aac -b:a 192k -movflags +faststart -f mp4 "$work/aac.mp4"
check "sound to AAC at another rate" "${ours[@]}" -i "$work/flv1-mp3.flv" -vn -c:a aac -ar 48000 -af aresample=async=1 -f mp4 \
  "$work/aac2.mp4"
check "sound for the speakers that AAC knows" "${ours[@]}" -i "$work/h264-dts.mkv" -vn -c:a aac \
  -filter:a 'aresample=async=1:first_pts=0,aformat=channel_layouts=5.1' -f mp4 "$work/aac3.mp4"
check "channels that nobody names, mixed down" "${ours[@]}" -i "$work/pcm.wav" -c:a aac \
  -filter:a 'pan=stereo|FL<c0|FR<c0,aresample=async=1:first_pts=0' -f mp4 "$work/aac4.mp4"
check "channels by their order" "${ours[@]}" -i "$work/pcm.wav" -c:a aac -filter:a 'channelmap=map=0-FL|0-FR|0-FC:channel_layout=3.0' \
  -f mp4 "$work/aac5.mp4"
check "fields to whole pictures" "${ours[@]}" -i "$work/mpeg2-ac3.vob" -an -vf bwdif=mode=send_frame:deint=interlaced -c:v libx264 -f mp4 \
  "$work/whole.mp4"
check "picture to H.264" "${ours[@]}" -i "$work/wmv2-wma2.wmv" -c:v libx264 -preset veryfast -crf 21 -pix_fmt yuv420p \
  -vf 'scale=trunc(iw/2)*2:trunc(ih/2)*2' -c:a aac -movflags +faststart -f mp4 "$work/h264.mp4"
check "interlaced 10-bit picture to H.264" "${ours[@]}" -i "$work/prores-4444.mov" -vf yadif,setsar=1,format=yuv420p -c:v libx264 \
  -c:a aac -f mp4 "$work/h264b.mp4"
# Its table leaves colours as they are: that the filters take it is what is checked.
{ echo "LUT_3D_SIZE 2"; for b in 0 1; do for g in 0 1; do for r in 0 1; do echo "$r $g $b"; done; done; done; } >"$work/colours.cube"
check "high dynamic range to ordinary pictures" "${ours[@]}" -i "$work/hevc-10bit-eac3.mkv" -an -c:v libx264 -pix_fmt yuv420p -vf "scale=\
in_color_matrix=bt2020,format=gbrp12le,lut3d=file=$work/colours.cube,scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,setparams=\
range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709" -f mp4 "$work/mapped.mp4"
check "pictures measured" bash -c "'$layer/ffmpeg' -nostdin -v error -skip_frame nokey -i '$work/hevc-10bit-eac3.mkv' -an -vf \
  scale=128:72:flags=area:in_color_matrix=bt2020,format=rgb48le -c:v rawvideo -f rawvideo pipe:1 | head -c 2 | grep -q ."
check "poster" "${ours[@]}" -ss 0.5 -i "$work/h264-aac.mp4" -frames:v 1 -vf thumbnail=5,scale=64:-2 -f image2 -update 1 "$work/poster.jpg"
check "poster into a pipe" bash -c "'$layer/ffmpeg' -nostdin -v error -i '$work/h264-aac.mp4' -frames:v 1 -c:v mjpeg -f image2pipe pipe:1 \
  | head -c 2 | grep -q ."
check "storyboard, and what is measured of it" "${ours[@]}" -skip_loop_filter all -i "$work/h264-aac.mp4" -filter_complex "[0:v]fps=5,\
scale=32:-2,split[a][b];[a]tile=5x1[tiles];[b]scale=16:9:flags=area,format=gray[pixels]" -map '[tiles]' -frames:v 1 -f image2 -update 1 \
  "$work/board.jpg" -map '[pixels]' -c:v rawvideo -f image2pipe "$work/board.gray"
check "a phone's rotation" "${ours[@]}" -i "$work/h264-aac.mp4" -vf transpose=1 -c:v libx264 -an -t 0.2 -f mp4 "$work/turned.mp4"
for kind in srt ass webvtt; do
  check "subtitles as $kind can be made" "$reference" -nostdin -y -v error -i "$work/words.srt" -f "$kind" "$work/made.$kind"
  check "subtitles from $kind to WebVTT" bash -c "'$layer/ffmpeg' -nostdin -v error -i '$work/made.$kind' -f webvtt - | grep -q 日本語"
done
check "subtitles into MP4 and out again" bash -c "'$layer/ffmpeg' -nostdin -y -v error -i '$work/h264-aac.mp4' -i '$work/words.srt' \
  -map 0 -map 1 -c copy -c:s mov_text -f mp4 '$work/words.mp4' \
  && '$layer/ffmpeg' -nostdin -v error -i '$work/words.mp4' -map 0:s -f webvtt - | grep -q 日本語"
check "input from a pipe" bash -c "'$layer/ffmpeg' -nostdin -v error -f matroska -i pipe:0 -f null - <'$work/h264-ac3.mkv'"
for made in remux remux2 remux3 remux4 remux5 remux6 aac h264; do
  check "$made.mp4 has moov before mdat" bash -c "grep -abo -m1 moov '$work/$made.mp4' | cut -d: -f1 >'$work/moov'
    grep -abo -m1 mdat '$work/$made.mp4' | cut -d: -f1 >'$work/mdat'
    (( \$(head -n1 '$work/moov') < \$(head -n1 '$work/mdat') ))"
  check "$made.mp4 plays" "$reference" -nostdin -v error -xerror -i "$work/$made.mp4" -f null -
done

# --- what it refuses --------------------------------------------------------------------------------------------------------------------

# URL: not one byte may be asked for; "not found" means that the protocol is not in the program, not that nobody answered.
refuse() {
  local url=$1
  if timeout 10 "$layer/ffmpeg" -nostdin -v error -i "$url" -f null - >/dev/null 2>"$work/error"; then fail "$url was opened"
  elif ! grep -q 'Protocol not found' "$work/error"; then fail "$url was refused for another reason: $(tail -n 1 "$work/error")"
  else pass
  fi
}
for url in http://127.0.0.1:9/x https://127.0.0.1:9/x ftp://127.0.0.1:9/x tcp://127.0.0.1:9 udp://127.0.0.1:9 rtmp://127.0.0.1:9/x \
  rtsp://127.0.0.1:9/x hls+http://127.0.0.1:9/x \
  "concat:$work/mpeg1-mp2.mpg|$work/mpeg1-mp2.mpg" "subfile,,start,0,end,0,,:$work/h264-aac.mp4" "data:text/plain,x" \
    "crypto:$work/h264-aac.mp4" "async:$work/h264-aac.mp4" "cache:$work/h264-aac.mp4"; do
  refuse "$url"
done

# Playlists and scripts that would make ffmpeg open other files are not recognised at all, whatever they are called.
printf '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://%s/h264-aac.ts\n#EXT-X-ENDLIST\n' "$work" >"$work/list.m3u8"
printf "ffconcat version 1.0\nfile '%s'\n" "$work/h264-aac.ts" >"$work/list.ffconcat"
cp "$work/list.m3u8" "$work/list.mp4"
for list in list.m3u8 list.ffconcat list.mp4; do
  if "$layer/ffprobe" -v error "$work/$list" >/dev/null 2>&1; then fail "$list was followed"; else pass; fi
done
if "$layer/ffmpeg" -hide_banner -devices 2>/dev/null | grep -Eq '^ [D ][E ] '; then fail "there are devices"; else pass; fi
check "only files and pipes" bash -c "diff <('$layer/ffmpeg' -hide_banner -protocols 2>/dev/null | sed -n 's/^  //p' | sort -u) \
  <(printf 'file\npipe\n')"

# Decoders nothing here can make a clip for must at least be in.
"$layer/ffmpeg" -hide_banner -decoders 2>/dev/null >"$work/decoders"
for decoder in vc1 wmv3 wmapro wmalossless vp6f svq3 rv30 rv40 cook amrnb amrwb dvdsub pgssub; do
  if grep -Eq "^ [VAS][^ ]* +$decoder " "$work/decoders"; then pass; else fail "no decoder $decoder"; fi
done

stat --format '%s %n' "$layer/ffmpeg" "$layer/ffprobe"
sha256sum "$layer/ffmpeg" "$layer/ffprobe"
echo "$passed passed, ${#failures[@]} failed"
exit "$((${#failures[@]} > 0))"
