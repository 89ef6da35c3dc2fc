using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using TgVault.Core.Staging.Folder;

namespace TgVault.Web.Staging;

/// <summary>A permitted write as clients of blob storage send it (REST API "Blob service", Put Blob, Put Block, Put Block List).</summary>
internal static class BlobRequest
{
    // A blob's type, tier and metadata are of no use to what is stored in the end, and are taken and not kept. These would change what the
    // bytes mean or who may write, so they must not be passed over.
    static readonly string[] Unsupported =
    [
        "Content-Encoding",
        "x-ms-encryption-key",
        "x-ms-encryption-scope",
        "x-ms-if-tags",
        "x-ms-immutability-policy-mode",
        "x-ms-legal-hold",
    ];

    /// <exception cref="UploadRefusedException">It was not taken.</exception>
    public static async Task<IResult> AnswerAsync(
        HttpRequest request,
        FolderUploads uploads,
        UploadTarget target,
        CancellationToken cancellationToken
    )
    {
        if (Refuse(request) is { } refused)
            return refused;
        var (checksums, wrong) = Checksums.Read(request);
        if (wrong is not null)
            return wrong;
        return request.Query["comp"].ToString() switch
        {
            "" => await PutBlobAsync(request, checksums, uploads, target, cancellationToken),
            "block" => await PutBlockAsync(request, checksums, uploads, target, cancellationToken),
            "blocklist" => await PutBlockListAsync(request, checksums, uploads, target, cancellationToken),
            // Properties, metadata, tags, tiers, leases, snapshots, pages, appending.
            _ => BlobError.NotPermitted,
        };
    }

    static BlobError? Refuse(HttpRequest request)
    {
        // Whoever may only write must not have the vault fetch something.
        if (
            request.Headers.ContainsKey("x-ms-copy-source")
            || request.Query.ContainsKey("restype")
            || request.Headers.ContainsKey("x-ms-tags")
        )
            return BlobError.NotPermitted;
        if (request.Headers.ContainsKey("x-ms-lease-id"))
            return new BlobError(412, "LeaseNotPresentWithBlobOperation", "There is no lease on the blob.");
        if (Unsupported.FirstOrDefault(request.Headers.ContainsKey) is { } header)
            return new BlobError(400, "UnsupportedHeader", $"The header {header} is not supported here.");
        return request.ContentLength is null
            ? new BlobError(411, "MissingContentLengthHeader", "The length of the body must be said: send Content-Length.")
            : null;
    }

    static async Task<IResult> PutBlobAsync(
        HttpRequest request,
        Checksums checksums,
        FolderUploads uploads,
        UploadTarget target,
        CancellationToken cancellationToken
    )
    {
        if (request.Headers["x-ms-blob-type"] is not [var type])
            return BlobError.Missing("x-ms-blob-type");
        if (type is "PageBlob" or "AppendBlob")
            return new BlobError(409, "InvalidBlobType", "An upload is a block blob.");
        if (type != "BlockBlob")
            return BlobError.Invalid("x-ms-blob-type");
        var (conditions, wrong) = Conditions(request);
        var (md5, wrongMd5) = Checksums.ReadBlobMd5(request);
        if ((wrong ?? wrongMd5) is { } error)
            return error;
        var content = checksums.ContentOf(request);
        if (content.LengthBytes > BodyLimits.MaxBlobBytes)
            return TooLarge(BodyLimits.MaxBlobBytes);
        if (md5 is { } ofBlob && content.Md5 is { } ofBody && !ofBlob.Span.SequenceEqual(ofBody.Span))
            throw new UploadRefusedException(UploadRefusal.Md5Mismatch, "Content-MD5 and x-ms-blob-content-md5 are not the same.");
        content = content with { Md5 = content.Md5 ?? md5 };
        return new BlobAnswer(checksums, await uploads.PutBlobAsync(target, content, conditions, cancellationToken));
    }

    static async Task<IResult> PutBlockAsync(
        HttpRequest request,
        Checksums checksums,
        FolderUploads uploads,
        UploadTarget target,
        CancellationToken cancellationToken
    )
    {
        if (request.Query["blockid"] is not [{ } id])
            return new BlobError(400, "MissingRequiredQueryParameter", "The query parameter blockid is missing.");
        if (request.ContentLength == 0)
            return BlobError.Invalid("Content-Length");
        var content = checksums.ContentOf(request);
        if (content.LengthBytes > BodyLimits.MaxBlockBytes)
            return TooLarge(BodyLimits.MaxBlockBytes);
        await uploads.PutBlockAsync(target, id, content, cancellationToken);
        return new BlobAnswer(checksums, null);
    }

    static async Task<IResult> PutBlockListAsync(
        HttpRequest request,
        Checksums checksums,
        FolderUploads uploads,
        UploadTarget target,
        CancellationToken cancellationToken
    )
    {
        var (conditions, wrong) = Conditions(request);
        if (wrong is not null)
            return wrong;
        if (checksums.IsStructured)
            return BlobError.Invalid("x-ms-structured-body");
        if (request.ContentLength > BlockListXml.MaxBytes)
            return TooLarge(BlockListXml.MaxBytes);
        var body = new byte[request.ContentLength!.Value];
        await request.Body.ReadExactlyAsync(body, cancellationToken);
        checksums.Check(body);
        if (BlockListXml.TryRead(new MemoryStream(body)) is not { } list)
            return new BlobError(400, "InvalidXmlDocument", "The body is no block list.");
        // The MD5 of the whole blob that a client may send here is kept as a property in Azure and checked by nobody; nobody could read it
        // here.
        return new BlobAnswer(checksums, await uploads.PutBlockListAsync(target, list, conditions, cancellationToken));
    }

    static BlobError TooLarge(long most) => new(413, "RequestBodyTooLarge", $"The body has more than {most} bytes.");

    static (WriteConditions Conditions, BlobError? Error) Conditions(HttpRequest request)
    {
        var headers = request.Headers;
        var (match, noneMatch) = (Tags(headers.IfMatch.ToString()), Tags(headers.IfNoneMatch.ToString()));
        if (headers.IfMatch.Count > 0 && match is null)
            return (WriteConditions.None, BlobError.Invalid("If-Match"));
        if (headers.IfNoneMatch.Count > 0 && noneMatch is null)
            return (WriteConditions.None, BlobError.Invalid("If-None-Match"));
        var typed = request.GetTypedHeaders();
        if (headers.IfModifiedSince.Count > 0 && typed.IfModifiedSince is null)
            return (WriteConditions.None, BlobError.Invalid("If-Modified-Since"));
        if (headers.IfUnmodifiedSince.Count > 0 && typed.IfUnmodifiedSince is null)
            return (WriteConditions.None, BlobError.Invalid("If-Unmodified-Since"));
        return (
            new WriteConditions
            {
                IfMatch = match,
                IfNoneMatch = noneMatch,
                IfModifiedSince = typed.IfModifiedSince,
                IfUnmodifiedSince = typed.IfUnmodifiedSince,
            },
            null
        );
    }

    static ImmutableArray<string>? Tags(string header) =>
        header == "*" ? ["*"]
        : EntityTagHeaderValue.TryParseList([header], out var tags) ? [.. tags.Select(tag => tag.ToString())]
        // Some clients leave the quotes away.
        : header.All(char.IsAsciiLetterOrDigit) && header.Length > 0 ? [$"\"{header}\""]
        : null;
}
