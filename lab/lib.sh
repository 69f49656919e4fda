# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# What the lab's scripts on the host share; sourced, never run.

lab=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(dirname "$lab")
cache=${NVMPATH_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/nvmpath}

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "$*"; exit 1; }
hash16() { sha256sum | cut -c1-16; }
. "$lab/progress.sh"

# Packages that building and booting takes, on Debian.
packages=(
	build-essential bc bison flex libelf-dev libssl-dev xz-utils rsync git
	python3 qemu-system-x86 udev dbus iproute2 systemd kmod nvme-cli fio
	clang libclang-rt-dev tmux
	meson ninja-build pkg-config libsystemd-dev libnvme-dev
	libjson-c-dev libsmartcols-dev liburing-dev libcmocka-dev
	systemd-journal-remote libeconf-dev scdoc e2fsprogs python3-dbusmock python3-dbus python3-gi polkitd
	zsh fish openssh-server openssh-client ansible-core
)

# A machine that had no ssh server gets none that listens: the tests start their own.
no_sshd() {
	mkdir -p /etc/ssh
	touch /etc/ssh/sshd_not_to_be_run
}

# Installs what is missing; asks apt for news only if there is something to do.
install_packages() {
	local p missing=()
	for p in "${packages[@]}"; do
		dpkg-query -W -f '${Status}' "$p" 2>/dev/null |
			grep -q ' installed' || missing+=("$p")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	say "installing ${missing[*]}"
	case " ${missing[*]} " in
	*' openssh-server '*) no_sshd ;;
	esac
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -q >/dev/null || say "apt-get update failed, going on"
	apt-get install -qy --no-install-recommends -o APT::Status-Fd=3 "${missing[@]}" \
		3> >(progress_apt packages) >/dev/null ||
		die "apt-get could not install ${missing[*]}"
}

# $1: 6.12, 6.12-patched, 6.12-patched-kasan, 6.12-kcsan, 6.12-modules, 6.12-deb, ..., or a folder with
# a bzImage, or a bzImage. Prints the path of the image; 77 if it cannot be had.
kernel_image() {
	local name=$1 series dir opts=()
	if [ -f "$name" ]; then
		echo "$name"
		return
	elif [ -d "$name" ]; then
		echo "$name/bzImage"
		return
	fi
	series=${name%%-*}
	case $name in
	*-modules) modules_image "$series"; return ;;
	*-deb) deb_image "$series"; return ;;
	*-patched*) opts+=(--patched) ;;
	*) opts+=(--stock) ;;
	esac
	case $name in
	*-kasan | *-kcsan) opts+=(--config "${name##*-}") ;;
	esac
	dir=$("$top/kernel-patch/build" "$series" "${opts[@]}") || return $?
	echo "$dir/bzImage"
}

# $1 series: the distribution's own kernel with the series' NVMe modules; what vm
# gives it to load them lies beside it.
modules_image() {
	local dir
	dir=$("$top/kernel-patch/dkms" "$1" --try) || return $?
	installed_image "$dir" "${dir##*/}-amd64"
}

# $1 series: the packages that kernel-patch/build --deb makes from the lab's configuration
# with modules, as installed.
deb_image() {
	local dir deb
	dir=$("$top/kernel-patch/build" --deb "$1" --config modules) || return $?
	if [ ! -d "$dir/root" ]; then
		rm -rf "$dir/root.tmp"
		for deb in "$dir"/*.deb; do
			dpkg-deb -x "$deb" "$dir/root.tmp" || return 1
		done
		mv "$dir/root.tmp" "$dir/root"
	fi
	installed_image "$dir" "$(cat "$dir/release")"
}

# $1 folder whose root/ has a distribution's kernel as installed, $2 its release: what vm
# wants of it, in that folder.
installed_image() {
	"$lab/initrd" "$1/root" "$2" "$1/initrd" >&2 || return 1
	cp "$1/root/boot/vmlinuz-$2" "$1/bzImage"
	echo "$1/bzImage"
}

# $1 image: "kvm" if a kernel boots to its end on it within a deadline, else
# "tcg". /dev/kvm may exist and hang: only trying tells. Tried once a boot.
accelerator() {
	local note
	[ -w /dev/kvm ] || { echo tcg; return; }
	note=$cache/kvm-$(cat /proc/sys/kernel/random/boot_id)
	if [ ! -f "$note" ]; then
		mkdir -p "$cache"
		if timeout -k 1 20 qemu-system-x86_64 -accel kvm -machine q35 -cpu max \
			-m 512 -nodefaults -display none -no-reboot -serial stdio \
			-kernel "$1" -append 'console=ttyS0 panic=-1' \
			</dev/null 2>/dev/null | grep -q 'Kernel panic'; then
			echo kvm >"$note"
		else
			say "/dev/kvm does not work here, going on without it"
			echo tcg >"$note"
		fi
	fi
	cat "$note"
}
