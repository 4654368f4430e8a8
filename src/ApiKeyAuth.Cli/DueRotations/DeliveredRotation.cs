using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Targets;

namespace ApiKeyAuth.Cli.DueRotations;

/// <summary>Rotates keys and delivers their new secrets. A rotation whose secret was not delivered is canceled.</summary>
internal sealed class DeliveredRotation(IKeyTarget target, ISecretDelivery delivery, TimeSpan grace)
{
    /// <summary>Rotates a key.</summary>
    /// <returns>Null if the secret was delivered, or why the key has its old secret only.</returns>
    public async Task<string?> RunAsync(DueKey key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string secret;
        try
        {
            // A rotation that is canceled halfway could have made a secret that is lost.
            secret = (string)(await target.RotateAsync(key.Id, grace, discardCurrent: false, CancellationToken.None))["key"]!;
        }
        catch (ToolException exception) when (exception.ExitCode != ExitCodes.NotAuthenticated)
        {
            // A response that was lost may have been the new secret. After another error, the key has its old secret only.
            return exception.Status >= 500
                ? $"{exception.Message} {await CancelAsync(key, mayBeUnchanged: true)}".TrimEnd('.')
                : exception.Message.TrimEnd('.');
        }
        catch (HttpRequestException)
        {
            await CancelAsync(key, mayBeUnchanged: true);
            throw;
        }

        string? problem;
        try
        {
            problem = await delivery.DeliverAsync(key, secret, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            throw new ToolException($"Canceled. {await CancelAsync(key)}", ExitCodes.Usage);
        }

        return problem is null ? null : $"{problem}. {await CancelAsync(key)}".TrimEnd('.');
    }

    /// <summary>Cancels a rotation, also if the command is canceled.</summary>
    private async Task<string> CancelAsync(DueKey key, bool mayBeUnchanged = false)
    {
        try
        {
            await target.CancelRotationAsync(key.Id, CancellationToken.None);
            return "The old secret stays.";
        }
        catch (ToolException exception) when (mayBeUnchanged && exception.Status == 409)
        {
            return "The old secret stays.";
        }
        catch (Exception exception) when (exception is ToolException or HttpRequestException)
        {
            return $"The key {key.Id} has a new secret that was not delivered: run 'apikeyauth keys cancel {key.Id}'.";
        }
    }
}
