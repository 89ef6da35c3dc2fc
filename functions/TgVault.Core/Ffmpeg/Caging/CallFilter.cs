using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace TgVault.Core.Ffmpeg.Caging;

/// <summary>
/// Which calls of the system a caged program may not make: no socket, so no network of any kind; nothing that looks into other processes;
/// nothing that an attack on the kernel would begin with and no decoder needs. A filter of seccomp, as every Linux of these years has it.
/// </summary>
static class CallFilter
{
    // socket, ptrace, process_vm_readv, process_vm_writev, pidfd_getfd, unshare, setns, mount, bpf, perf_event_open, userfaultfd, add_key,
    // request_key, keyctl, io_uring_setup.
    static readonly ImmutableArray<uint> OnX64 = [41, 101, 310, 311, 438, 272, 308, 165, 321, 298, 323, 248, 249, 250, 425];
    static readonly ImmutableArray<uint> OnArm64 = [198, 117, 270, 271, 438, 97, 268, 40, 280, 241, 282, 217, 218, 219, 425];

    // AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64.
    const uint X64 = 0xC000003E;
    const uint Arm64 = 0xC00000B7;

    // Calls of x86-64 with short pointers, by other numbers.
    const uint OtherNumbers = 0x40000000;

    const uint Allowed = 0x7FFF0000;

    // EACCES: a program says "permission denied" and goes on.
    const uint Refused = 0x00050000 | 13;

    static readonly Lazy<LinuxCalls.FilterProgram?> Program = new(Make);

    /// <summary>Puts the filter on the calling thread; false where there is none for this processor, or the kernel refuses it.</summary>
    public static bool Apply() => Program.Value is { } program && LinuxCalls.Filter(in program);

    static LinuxCalls.FilterProgram? Make()
    {
        var (architecture, calls) = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => (X64, OnX64),
            Architecture.Arm64 => (Arm64, OnArm64),
            _ => (0u, []),
        };
        if (calls.IsEmpty)
            return null;
        const uint number = 0,
            architectureAt = 4;
        // The last instruction refuses; each jump says how many it leaves out.
        var last = calls.Length + 5;
        List<Instruction> filter =
        [
            Instruction.Load(architectureAt),
            Instruction.UnlessEqual(architecture, last - 2),
            Instruction.Load(number),
            Instruction.IfAtLeast(OtherNumbers, last - 4),
        ];
        foreach (var call in calls)
            filter.Add(Instruction.IfEqual(call, last - filter.Count - 1));
        filter.Add(Instruction.Return(Allowed));
        filter.Add(Instruction.Return(Refused));

        // For as long as the process lives.
        var size = Marshal.SizeOf<Instruction>();
        var memory = Marshal.AllocHGlobal(size * filter.Count);
        for (var i = 0; i < filter.Count; i++)
            Marshal.StructureToPtr(filter[i], memory + (i * size), fDeleteOld: false);
        return new LinuxCalls.FilterProgram { Length = (ushort)filter.Count, Instructions = memory };
    }

    /// <summary>Of the kernel's packet filter (linux/filter.h).</summary>
    [StructLayout(LayoutKind.Sequential)]
    readonly record struct Instruction(ushort Code, byte Then, byte Else, uint Value)
    {
        public static Instruction Load(uint offset) => new(0x20, 0, 0, offset);

        public static Instruction IfEqual(uint value, int skipped) => new(0x15, (byte)skipped, 0, value);

        public static Instruction UnlessEqual(uint value, int skipped) => new(0x15, 0, (byte)skipped, value);

        public static Instruction IfAtLeast(uint value, int skipped) => new(0x35, (byte)skipped, 0, value);

        public static Instruction Return(uint value) => new(0x06, 0, 0, value);
    }
}
