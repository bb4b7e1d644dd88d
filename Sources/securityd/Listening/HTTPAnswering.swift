import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import SecurityCore
import SecurityTokens

/// Answers requests. Never fails but by the client's fault.
protocol HTTPAnswering: Sendable {
    /// The answer to a request that came over a connection.
    func answer(_ request: Request, over channel: any Channel, id: String) async throws -> Response
}

extension HTTPAnswering {
    /// Answers each request of a connection, in their order.
    func connections(_ limits: ServerLimits) -> HTTP1Channel {
        let answering = self
        return HTTP1Channel(
            responder: { request, writer, channel in
                var response: Response
                do {
                    response = try await answering.answer(request, over: channel, id: "\(RequestID())")
                } catch let error as HTTPParserError {
                    // Answered with 400 by the channel.
                    throw error
                } catch {
                    response = Response(status: .internalServerError)
                }
                // RFC 9110 section 6.6.1.
                response.headers[.date] = HTTPDate.text(of: SecurityCore.Environment.system.now().seconds)
                try await writer.write(response: response.head, body: response.body)
            },
            configuration: limits.channel)
    }
}
