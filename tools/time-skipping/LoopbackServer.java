import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.temporal.internal.testservice.TestServicesStarter;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Temporal's time-skipping server on a loopback port: its own main method listens on every address. Time starts locked. */
public class LoopbackServer {
  public static void main(String[] args) throws Exception {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    var builder = NettyServerBuilder.forAddress(address);
    for (BindableService service : new TestServicesStarter(true, 0).getServices()) builder.addService(service);
    Server server = builder.build().start();
    server.awaitTermination();
  }
}
