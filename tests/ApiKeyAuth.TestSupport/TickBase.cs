using System.Text;
using Grpc.Core;

namespace ApiKeyAuth.TestSupport;

/// <summary>Represents a gRPC service with one server stream, written without the code generator.</summary>
[BindServiceMethod(typeof(TickBase), nameof(Bind))]
public abstract class TickBase
{
    private static readonly Marshaller<string> Text = Marshallers.Create(Encoding.UTF8.GetBytes, Encoding.UTF8.GetString);

    public static Method<string, string> Ticks { get; } = new(MethodType.ServerStreaming, "tests.Tick", nameof(TickAsync), Text, Text);

    public static void Bind(ServiceBinderBase binder, TickBase? service) =>
        binder.AddMethod(Ticks, service is null ? null : new ServerStreamingServerMethod<string, string>(service.TickAsync));

    public abstract Task TickAsync(string text, IServerStreamWriter<string> writer, ServerCallContext context);
}
