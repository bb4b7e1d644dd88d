import Foundation
import Testing

@testable import SecurityCore

/// Swift's Unicode against Python 3.11's (Unicode 14), which decides beside us which letters names may have.
@Suite struct UnicodeTests {
    /// What later versions of Unicode changed; neither is a letter on one side only.
    private static let changed: [UInt32: String] = [0x295: "Lo", 0x1171E: "Mc"]

    @Test func `every character that Python knows is of the same category`() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Vectors/unicode-categories.json")
        let runs = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [[Any]])
        #expect(runs.count > 3000)
        for run in runs {
            let first = try #require(run[0] as? UInt32)
            let last = try #require(run[1] as? UInt32)
            let category = try #require(run[2] as? String)
            for code in first...last {
                let letters = try #require(Unicode.Scalar(code)).properties.generalCategory.letters
                if letters != Self.changed[code] ?? category { Issue.record("\(code): \(category), here \(letters)") }
            }
        }
    }
}
