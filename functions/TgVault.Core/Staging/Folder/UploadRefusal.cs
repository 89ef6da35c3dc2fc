namespace TgVault.Core.Staging.Folder;

/// <summary>Why a write to the upload folder was refused.</summary>
public enum UploadRefusal
{
    /// <summary>A block id is not base64 of 1 to 64 bytes.</summary>
    InvalidBlockId,

    /// <summary>Block ids of one upload have one length, and a block is not empty.</summary>
    InvalidBlock,

    /// <summary>A block list names a block that is not there.</summary>
    InvalidBlockList,

    TooManyBlocks,

    /// <summary>More than was announced, or than one request may bring.</summary>
    TooLarge,

    /// <summary>Another length than was announced.</summary>
    OtherLength,

    /// <summary>Fewer bytes came than the request said.</summary>
    Incomplete,

    AlreadyExists,

    /// <summary>The vault has taken the upload up.</summary>
    TakenUp,

    ConditionNotMet,

    Md5Mismatch,

    Crc64Mismatch,

    /// <summary>So much is on its way to this upload that it has to wait; asking again soon helps.</summary>
    Busy,

    DiskFull,

    /// <summary>The upload was removed meanwhile.</summary>
    Gone,
}

/// <summary>An upload was not taken. Nothing of it is kept, and what was there before is as it was; the message is for a person.</summary>
public sealed class UploadRefusedException(UploadRefusal refusal, string message, Exception? inner = null) : VaultException(message, inner)
{
    public UploadRefusal Refusal => refusal;
}
