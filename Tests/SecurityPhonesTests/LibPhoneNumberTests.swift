import Foundation
import SecurityCore
import SecurityPhones
import Testing

/// Tests/Vectors/phone-numbers.json: what Python's phonenumbers 9.0.43 makes of numbers of ten countries.
@Suite struct LibPhoneNumberTests {
    @Test func `numbers are read as phonenumbers reads them`() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Vectors/phone-numbers.json")
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [[Any]])
        #expect(rows.count > 200)
        let numbers = LibPhoneNumber()
        for row in rows {
            let text = try #require(row[0] as? String)
            let region = try #require(row[1] as? String)
            #expect(numbers.canonical(text, region: region) == row[2] as? String, "\(text) in \(region)")
        }
    }

    @Test(arguments: ["", "\0", "+1\0", String(repeating: "1", count: 300), "+\u{1F600}"])
    func `other texts are none`(text: String) {
        #expect(LibPhoneNumber().canonical(text, region: "US") == nil)
    }
}
