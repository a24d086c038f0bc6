/*
 * Errors in words: Win32's, and the numbers of error records that concern databases.
 */
#include "msiq.h"

static const struct {
    u32 err;
    const char *words;
} system_texts[] = {
    {ERROR_FILE_NOT_FOUND, "no such file"},
    {ERROR_PATH_NOT_FOUND, "no such folder"},
    {ERROR_TOO_MANY_OPEN_FILES, "too many open files"},
    {ERROR_ACCESS_DENIED, "access denied"},
    {ERROR_NOT_ENOUGH_MEMORY, "out of memory"},
    {ERROR_INVALID_DATA, "the data is wrong"},
    {ERROR_OUTOFMEMORY, "out of memory"},
    {ERROR_WRITE_PROTECT, "it may not be written"},
    {ERROR_WRITE_FAULT, "it could not be written"},
    {ERROR_READ_FAULT, "it could not be read"},
    {ERROR_SHARING_VIOLATION, "in use by another program"},
    {ERROR_LOCK_VIOLATION, "in use by another program"},
    {ERROR_HANDLE_EOF, "it ends too early"},
    {ERROR_HANDLE_DISK_FULL, "the disk is full"},
    {ERROR_FILE_EXISTS, "it is there already"},
    {ERROR_OPEN_FAILED, "it cannot be opened"},
    {ERROR_DISK_FULL, "the disk is full"},
    {ERROR_CALL_NOT_IMPLEMENTED, "not implemented"},
    {ERROR_INVALID_NAME, "that cannot be a name"},
    {ERROR_BAD_PATHNAME, "it cannot be written there"},
    {ERROR_ALREADY_EXISTS, "it is there already"},
    {ERROR_FILENAME_EXCED_RANGE, "the name is too long"},
    {ERROR_FILE_TOO_LARGE, "it is too large"},
    {ERROR_NO_DATA, "there is nothing"},
    {ERROR_DIRECTORY, "a folder's place is taken by something else"},
    {ERROR_NO_MORE_ITEMS, "there is none of that name"},
    {ERROR_FILE_CORRUPT, "it is damaged: its bytes cannot be read whole"},
    {ERROR_BAD_QUERY_SYNTAX, "the query is wrong"},
    {ERROR_INVALID_FIELD, "no such field"},
    {ERROR_INSTALL_PACKAGE_OPEN_FAILED, "the package cannot be opened"},
    {ERROR_INSTALL_PACKAGE_INVALID, "not a valid package"},
    {ERROR_INSTALL_TRANSFORM_FAILURE,
     "the transform cannot be applied: damaged, or not for this package"},
    {ERROR_PATCH_PACKAGE_OPEN_FAILED, "the patch cannot be opened"},
    {ERROR_PATCH_PACKAGE_INVALID, "not a valid patch"},
    {ERROR_PATCH_PACKAGE_UNSUPPORTED, "the patch needs a newer installer"},
    {ERROR_PATCH_TARGET_NOT_FOUND, "the patch is for another product or version"},
    {ERROR_PATCH_REMOVAL_UNSUPPORTED, "the patch cannot be removed"},
    {ERROR_UNKNOWN_PATCH, "the product has no such patch"},
    {ERROR_PATCH_NO_SEQUENCE, "the patches say nothing that puts them in order"},
    {ERROR_FUNCTION_FAILED, "it failed"},
    {ERROR_INVALID_TABLE, "no such table"},
    {ERROR_DATATYPE_MISMATCH, "the types do not fit"},
    {ERROR_UNSUPPORTED_TYPE, "a kind of compression that is not known here"},
    {ERROR_CREATE_FAILED, "it cannot be made"},
    {ERROR_INVALID_DATATYPE, "a value of another kind"},
};

const char *error_words(u32 err)
{
    for (size_t i = 0; i < ARRAY_LEN(system_texts); i++)
        if (system_texts[i].err == err)
            return system_texts[i].words;
    return "";
}

static const struct {
    int number;
    const char *words;
} texts[] = {
    {2200, "the database could not be made"},
    {2201, "no memory for the database"},
    {2202, "no memory for its data"},
    {2203, "the file cannot be opened as a database"},
    {2204, "there is a table of that name"},
    {2205, "there is no such table"},
    {2206, "the table cannot be dropped"},
    {2207, "it was opened for reading only"},
    {2208, "the query wants more parameters"},
    {2209, "there is no current row"},
    {2210, "a value of the wrong type for the column"},
    {2211, "the table cannot be made"},
    {2212, "the database cannot be written"},
    {2213, "the tables cannot be saved"},
    {2214, "the text archive cannot be written"},
    {2215, "the text archive cannot be opened"},
    {2216, "the text archive is damaged"},
    {2217, "the output database cannot be made now"},
    {2218, "a table's name is missing"},
    {2219, "not in the format of an installer database"},
    {2220, "a row or a field is wrong"},
    {2221, "the text archive has another code page"},
    {2222, "the other file has another code page"},
    {2223, "the databases are the same"},
    {2224, "the database is damaged"},
    {2225, "the table is a temporary one"},
    {2226, "the transform failed"},
    {2227, "not an identifier"},
    {2228, "the query names a table that is not there"},
    {2229, "the table cannot be loaded"},
    {2230, "a table stands twice in the query"},
    {2231, "a ')' is missing"},
    {2232, "the query goes on in a wrong way"},
    {2233, "no columns in SELECT"},
    {2234, "no columns in ORDER BY"},
    {2235, "a column is not there, or in more than one table"},
    {2236, "a wrong operator"},
    {2237, "the query is missing or wrong"},
    {2238, "FROM is missing"},
    {2239, "fewer values than columns"},
    {2240, "no columns to update"},
    {2241, "no columns to insert into"},
    {2242, "a column stands twice"},
    {2243, "no primary key"},
    {2244, "a wrong type of column"},
    {2245, "a storage could not be asked for its state"},
    {2246, "not in the format of a transform"},
    {2247, "the transform's file cannot be read or written"},
    {2248, "a column has another type in the other database"},
    {2249, "more columns than the other database"},
    {2250, "a row to be added is there already"},
    {2251, "a row to be deleted is not there"},
    {2252, "a table to be added is there already"},
    {2253, "a table to be dropped is not there"},
    {2254, "a row to be changed is not there"},
    {2255, "a column to be added is there already"},
    {2256, "the numbers of key columns differ"},
    {2257, "the table is for reading only"},
    {2258, "a parameter of the wrong type"},
    {2259, "the change could not be made"},
    {2260, "a storage could not be copied"},
    {2261, "a stream could not be removed"},
    {2262, "there is no such stream"},
    {2263, "a stream could not be opened"},
    {2264, "a stream could not be removed"},
    {2265, "a storage could not be committed"},
    {2266, "a storage could not be rolled back"},
    {2267, "a storage could not be deleted"},
    {2268, "the merge has conflicts"},
    {2269, "the numbers of columns differ"},
    {2270, "the names of columns differ"},
    {2271, "the transform's summary information cannot be written"},
    {2272, "the database to merge into was opened for reading only"},
    {2273, "a database cannot be merged into itself"},
    {2274, "the merge's errors cannot be written"},
    {2275, "this change is not possible in a join"},
    {2276, "the system does not know the code page"},
    {2277, "a table cannot be saved"},
    {2278, "too many comparisons in WHERE"},
    {2279, "too many columns"},
    {2280, "the column cannot be made"},
    {2281, "a stream could not be renamed"},
    {2282, "a wrong name for a stream"},
};

const char *installer_error(int number)
{
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (texts[i].number == number)
            return texts[i].words;
    return "";
}
