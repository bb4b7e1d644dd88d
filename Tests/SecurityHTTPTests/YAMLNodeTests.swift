import Testing

@testable import SecurityHTTP

@Suite struct YAMLNodeTests {
    struct Row: CustomTestStringConvertible {
        let node: YAMLNode
        let yaml: String
        var testDescription: String { yaml }
    }

    static let rows = [
        Row(node: "plain", yaml: "plain\n"),
        Row(node: "text/html", yaml: "text/html\n"),
        Row(node: "$ref", yaml: "$ref\n"),
        Row(node: "two words", yaml: "\"two words\"\n"),
        Row(node: "a: b #c", yaml: "\"a: b #c\"\n"),
        Row(node: "", yaml: "\"\"\n"),
        Row(node: "No", yaml: "\"No\"\n"),
        Row(node: "null", yaml: "\"null\"\n"),
        Row(node: "200", yaml: "\"200\"\n"),
        Row(node: "1e3", yaml: "\"1e3\"\n"),
        Row(node: "/a/{b}", yaml: "\"/a/{b}\"\n"),
        Row(node: "\"\\\n\u{85}\u{1F600}", yaml: #""\"\\\n\u0085\ud83d\ude00""# + "\n"),
        Row(node: 7, yaml: "7\n"),
        Row(node: true, yaml: "true\n"),
        Row(node: [], yaml: "[]\n"),
        Row(node: [:], yaml: "{}\n"),
        Row(node: ["b": 1, "a": ["x": []], "c": [:]], yaml: "b: 1\na:\n  x: []\nc: {}\n"),
        Row(node: ["a", ["b": 1, "c": 2], ["d"]], yaml: "- a\n- b: 1\n  c: 2\n- - d\n"),
    ]

    @Test(arguments: rows)
    func `a tree is written in block style`(row: Row) {
        #expect(row.node.yaml == row.yaml)
    }

    @Test func `maps are joined in their order`() {
        let joined: YAMLNode = ["b": 1] + ["a": 2]
        #expect(joined == ["b": 1, "a": 2])
        #expect(joined["a"] == 2)
        #expect(joined["c"] == nil)
    }
}
