using Microsoft.AspNetCore.Http;

namespace TgVault.Web.Http.Problems;

/// <summary>
/// What a problem is, for programs: a word that stays the same whatever its sentence becomes. Where nothing more can be said than the
/// status says, it is the status as a word.
/// </summary>
internal enum ProblemCode
{
    /// <summary>400: a parameter, the path or the body cannot be used.</summary>
    BadRequest,

    /// <summary>400: fields of the body are at fault; <c>errors</c> has each.</summary>
    InvalidFields,

    /// <summary>400: the query has a parameter that this address does not take.</summary>
    UnknownParameter,

    /// <summary>401: no key, or a wrong one.</summary>
    Unauthorized,

    /// <summary>403: the credentials do not permit this.</summary>
    Forbidden,

    /// <summary>403: the named API key has another scope.</summary>
    ScopeTooSmall,

    /// <summary>403: this is no link of this vault.</summary>
    InvalidLink,

    /// <summary>403: the link is for other sites.</summary>
    OtherSite,

    /// <summary>404: nothing is at this address.</summary>
    NotFound,

    /// <summary>404: there is no video with this id.</summary>
    NoSuchVideo,

    /// <summary>405.</summary>
    MethodNotAllowed,

    /// <summary>409: the state of what was asked for does not permit it.</summary>
    Conflict,

    /// <summary>409: the video is not uploaded, or not stored yet.</summary>
    NotReady,

    /// <summary>409: storing the video failed.</summary>
    IngestFailed,

    /// <summary>409: only a failed video, or a kept file that may play now, can be tried again.</summary>
    NotFailed,

    /// <summary>409: it is kept as a file to download, and nothing plays it.</summary>
    NotPlayable,

    /// <summary>409: the video is in the trash.</summary>
    InTrash,

    /// <summary>409: only what is in the trash can be restored.</summary>
    NotInTrash,

    /// <summary>409: the video is being removed.</summary>
    BeingRemoved,

    /// <summary>409: the upload has arrived already.</summary>
    AlreadyUploaded,

    /// <summary>409: there is no upload any more to try again with.</summary>
    UploadGone,

    /// <summary>409: as many keys as there may be.</summary>
    TooManyKeys,

    /// <summary>409: as many webhooks as there may be.</summary>
    TooManyWebhooks,

    /// <summary>409: the ticket was used for another file, or its video was removed.</summary>
    TicketUsed,

    /// <summary>409: a request with this idempotency key is under way, or what it made is gone.</summary>
    IdempotencyKeyInUse,

    /// <summary>410: the link has ended.</summary>
    LinkExpired,

    /// <summary>410: the link was revoked.</summary>
    LinkRevoked,

    /// <summary>410: the upload ticket has ended.</summary>
    TicketExpired,

    /// <summary>412: what was asked for has changed since; the answer's ETag is what it is now.</summary>
    PreconditionFailed,

    /// <summary>413: the body is too large.</summary>
    TooLarge,

    /// <summary>415: the body is of a type that is not taken.</summary>
    UnsupportedMediaType,

    /// <summary>416: the file ends before the range begins.</summary>
    RangeNotSatisfiable,

    /// <summary>421: the request is for another host.</summary>
    MisdirectedRequest,

    /// <summary>422: the idempotency key was used for another request.</summary>
    IdempotencyKeyReused,

    /// <summary>429: too much was asked for.</summary>
    TooManyRequests,

    /// <summary>500: the vault's log says what, with the request's id.</summary>
    InternalError,

    /// <summary>500: what is stored did not open.</summary>
    DamagedVideo,

    /// <summary>501: this vault was built without it, or does not do it.</summary>
    NotImplemented,

    /// <summary>503: rows or chunk store do not answer at this moment.</summary>
    Unavailable,

    /// <summary>507: the vault's storage does not work; a full disk, mostly.</summary>
    StorageFailed,
}

/// <summary>What a status says as a code.</summary>
internal static class ProblemCodes
{
    public static ProblemCode Of(int status) =>
        status switch
        {
            StatusCodes.Status401Unauthorized => ProblemCode.Unauthorized,
            StatusCodes.Status403Forbidden => ProblemCode.Forbidden,
            StatusCodes.Status404NotFound => ProblemCode.NotFound,
            StatusCodes.Status405MethodNotAllowed => ProblemCode.MethodNotAllowed,
            StatusCodes.Status409Conflict => ProblemCode.Conflict,
            StatusCodes.Status410Gone => ProblemCode.LinkExpired,
            StatusCodes.Status412PreconditionFailed => ProblemCode.PreconditionFailed,
            StatusCodes.Status413PayloadTooLarge => ProblemCode.TooLarge,
            StatusCodes.Status415UnsupportedMediaType => ProblemCode.UnsupportedMediaType,
            StatusCodes.Status416RangeNotSatisfiable => ProblemCode.RangeNotSatisfiable,
            StatusCodes.Status421MisdirectedRequest => ProblemCode.MisdirectedRequest,
            StatusCodes.Status429TooManyRequests => ProblemCode.TooManyRequests,
            StatusCodes.Status501NotImplemented => ProblemCode.NotImplemented,
            StatusCodes.Status503ServiceUnavailable => ProblemCode.Unavailable,
            StatusCodes.Status507InsufficientStorage => ProblemCode.StorageFailed,
            >= 500 => ProblemCode.InternalError,
            _ => ProblemCode.BadRequest,
        };
}
