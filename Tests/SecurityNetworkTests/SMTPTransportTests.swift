import SecurityNetwork
import Testing

@Suite struct SMTPTransportTests {
    @Test(arguments: ["a@example.com>\r\nRCPT TO:<eve@example.com", "a@example.com\n", "a\u{0}@example.com"])
    func `no address begins a command of its own`(address: String) {
        let transport = SMTPTransport(host: "127.0.0.1", port: 1, security: .none, username: nil, password: nil)
        for (sender, recipient) in [("b@example.com", address), (address, "b@example.com")] {
            let failure = #expect(throws: DeliveryFailure.self) {
                try transport.send([], from: sender, to: recipient)
            }
            #expect(failure?.reason == "a control character in an address")
            #expect(failure?.isFinal == true)
        }
    }
}
