using System.Text;
using OrleansClean.Cleaning.Arrays;

namespace OrleansClean.Cleaning.Tests.Arrays;

public sealed class NpyHeaderTests
{
    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }", "f64 (3, 4)", 12)]
    [InlineData("{'shape': (5,), 'descr': \"<i4\", 'fortran_order': False}", "i32 (5,)", 5)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': ()}   ", "f32 ()", 1)]
    [InlineData("{ 'descr':'<i8','fortran_order':False,'shape':(3L,0,2L,) }", "i64 (3, 0, 2)", 0)]
    [InlineData("{'descr': '<i8', 'fortran_order': False, 'shape': (9223372036854775807, 0)}", "i64 (9223372036854775807, 0)", 0)]
    public void A_header_is_read_in_every_form_that_numpy_wrote(string text, string words, long count)
    {
        foreach (byte major in (byte[])[1, 2, 3])
        {
            var header = Read(Npy.File(text, major));

            Assert.Equal((words, count), (header.Words, header.Count));
        }
    }

    [Theory]
    [InlineData("{'descr': '>f8', 'fortran_order': False, 'shape': (3,)}", "its elements are big-endian ('>f8'). Convert it in numpy: a.astype('<f8').")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (3,)}", "its elements are Python objects ('|O'), which only Python can read. Elements are float32, float64, int32 or int64, little-endian.")]
    [InlineData("{'descr': '<c16', 'fortran_order': False, 'shape': (3,)}", "its elements are '<c16'. Elements are float32, float64, int32 or int64, little-endian.")]
    [InlineData("{'descr': '', 'fortran_order': False, 'shape': (3,)}", "its elements are ''. Elements are float32, float64, int32 or int64, little-endian.")]
    [InlineData("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (3,)}", "it is a structured array, whose elements are records. Save its fields as arrays of their own.")]
    [InlineData("{'descr': '<f8', 'fortran_order': True, 'shape': (3, 4)}", "it is in Fortran order. Convert it in numpy: np.ascontiguousarray(a).")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (-3,)}", "its shape has a negative number.")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}", "its shape has more elements than any file.")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", "its shape has more elements than any file.")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (3)}", "at character 53 of its header stands ')}', not a comma.")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': [3]}", "at character 51 of its header stands '[3]}', not '('.")]
    [InlineData("{'descr': '<f8', 'fortran_order': 0, 'shape': (3,)}", "at character 35 of its header stands '0, 'shape': (3,)}', not True or False.")]
    [InlineData("{'descr': '<f8', 'fortran_order': False}", "its header lacks the key 'shape'.")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), 'shape': (4,)}", "its header has the key 'shape' twice.")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), 'x': 1}", "its header has the key 'x' which no .npy has.")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (3,)} + 1", "at character 56 of its header stands ' + 1', not nothing.")]
    [InlineData("__import__('os').system('true')", "at character 1 of its header stands '__import__('os').system('true')', not '{'.")]
    [InlineData("", "at character 1 of its header stands nothing, not '{'.")]
    [InlineData("{'descr': '<f8", "at character 11 of its header stands ''<f8', not a text in quotes.")]
    public void What_is_not_an_array_of_ours_is_refused_by_its_name(string text, string reason) =>
        Assert.Equal($"a.npy cannot be read as an array: {reason}", Refused(Npy.File(text)));

    [Fact]
    public void Many_dimensions_are_refused() =>
        Assert.Equal(
            "a.npy cannot be read as an array: it has more than 64 dimensions.",
            Refused(Npy.File($"{{'descr': '<f8', 'fortran_order': False, 'shape': ({string.Join(", ", Enumerable.Repeat("1", 65))})}}")));

    [Fact]
    public void A_file_that_is_no_npy_says_what_it_looks_like()
    {
        Assert.Equal("a.npy cannot be read as an array: it is empty.", Refused([]));
        Assert.Equal("a.npy cannot be read as an array: it does not begin like a .npy file (\\x93NUMPY).", Refused("id,value\n1,2\n"u8.ToArray()));
        Assert.StartsWith("a.npy cannot be read as an array: it is a zip archive, perhaps a .npz.", Refused("PK\u0003\u0004aaaaaaaaaaa"u8.ToArray()), StringComparison.Ordinal);
        Assert.Equal("a.npy cannot be read as an array: it is of .npy version 4.0; versions 1.0, 2.0 and 3.0 are read.", Refused(Npy.File(Npy.Good, major: 4)));
        Assert.Equal("a.npy cannot be read as an array: it is of .npy version 1.1; versions 1.0, 2.0 and 3.0 are read.", Refused(Npy.File(Npy.Good, minor: 1)));
    }

    [Fact]
    public void A_header_that_claims_a_gigabyte_is_refused_before_a_byte_of_it_is_kept()
    {
        byte[] file = [0x93, .. "NUMPY"u8, 2, 0, 0, 0, 0, 64];

        Assert.Equal(
            "a.npy cannot be read as an array: its header says that it is 1,073,741,824 bytes long; headers of up to 65,536 are read. Is it a .npy file?",
            Refused(file));
    }

    [Fact]
    public void A_file_cut_anywhere_in_its_header_is_refused()
    {
        var whole = Npy.File(Npy.Good, dataBytes: 0);
        for (var length = 1; length < whole.Length; length++)
        {
            Assert.Equal("a.npy cannot be read as an array: it ends within its header. Copy it again; was it still being written?", Refused(whole[..length]));
        }
    }

    [Fact]
    public void A_header_must_tell_the_size_of_the_file_to_the_byte()
    {
        var header = Read(Npy.File(Npy.Good));
        var whole = header.Bytes.Length + 96;

        header.Check(whole, "a.npy");

        Assert.Equal(
            "a.npy cannot be read as an array: its header says f64 (3, 4), 96 bytes, and 95 follow: it ends early. Copy it again; was it still being written?",
            Assert.Throws<FileFailedException>(() => header.Check(whole - 1, "a.npy")).Message);
        Assert.Equal(
            "a.npy cannot be read as an array: its header says f64 (3, 4), 96 bytes, and 97 follow: 1 bytes stand behind the array. One file holds one array.",
            Assert.Throws<FileFailedException>(() => header.Check(whole + 1, "a.npy")).Message);
    }

    [Fact]
    public void A_small_file_whose_header_claims_ten_gigabytes_is_refused()
    {
        var file = Npy.File("{'descr': '<f8', 'fortran_order': False, 'shape': (1250000000,)}", dataBytes: 0);

        var failure = Assert.Throws<FileFailedException>(() => Read(file).Check(file.Length, "a.npy"));

        Assert.Equal(ProblemCodes.UnsupportedArray, failure.Code);
        Assert.Contains("f64 (1250000000,), 10,000,000,000 bytes, and 0 follow", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_damage_to_a_header_gives_a_header_or_a_refusal_and_never_anything_else()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 20_000; round++)
        {
            var file = Npy.File(Npy.Good);
            for (var damage = random.Next(1, 4); damage > 0; damage--)
            {
                file[random.Next(file.Length)] = (byte)random.Next(256);
            }

            try
            {
                Read(file);
            }
            catch (FileFailedException e)
            {
                Assert.Equal(ProblemCodes.UnsupportedArray, e.Code);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed={seed} {Convert.ToHexString(file)}: {e}");
            }
        }
    }

    [Fact]
    public void The_place_of_an_element_is_told_as_numpy_counts() =>
        Assert.Equal(("[0, 0]", "[1, 3]", "[2, 3]"), (Read(Npy.File(Npy.Good)).PlaceOf(0), Read(Npy.File(Npy.Good)).PlaceOf(7), Read(Npy.File(Npy.Good)).PlaceOf(11)));

    [Fact]
    public void A_header_of_another_kind_is_the_one_that_numpy_writes()
    {
        var made = Read(Npy.File(Npy.Good)).With(ArrayElement.I32);

        var text = Encoding.Latin1.GetString(made.Bytes.AsSpan());
        Assert.Equal(0, made.Bytes.Length % 64);
        Assert.StartsWith("{'descr': '<i4', 'fortran_order': False, 'shape': (3, 4), }                    ", text[10..], StringComparison.Ordinal);
        Assert.EndsWith(" \n", text, StringComparison.Ordinal);
        Assert.Equal("i32 (3, 4)", Read([.. made.Bytes]).Words);
    }

    private static NpyHeader Read(byte[] file) => NpyHeader.Read(new MemoryStream(file), "a.npy");

    private static string Refused(byte[] file) => Assert.Throws<FileFailedException>(() => Read(file)).Message;
}
