# find_package(Decanter) in a program built with mingw-w64. Targets:
#   Decanter::winreg   the registry in process: Reg* functions and the methods of MS-RRP (rrp.h)
#   Decanter::msi      the Windows Installer API
# Decanter_RUNTIME_DIR is the folder of the DLLs that the program ships.
get_filename_component(_decanter_root "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
if(CMAKE_SIZEOF_VOID_P EQUAL 4)
  set(_decanter_arch i686)
else()
  set(_decanter_arch x86_64)
endif()
set(Decanter_RUNTIME_DIR "${_decanter_root}/${_decanter_arch}")
foreach(_decanter_dll winreg msi)
  if(NOT TARGET Decanter::${_decanter_dll})
    add_library(Decanter::${_decanter_dll} SHARED IMPORTED)
    set_target_properties(Decanter::${_decanter_dll} PROPERTIES
      IMPORTED_LOCATION "${Decanter_RUNTIME_DIR}/${_decanter_dll}.dll"
      IMPORTED_IMPLIB "${Decanter_RUNTIME_DIR}/lib/lib${_decanter_dll}.dll.a"
      INTERFACE_INCLUDE_DIRECTORIES "${_decanter_root}/include")
  endif()
endforeach()
set(Decanter_FOUND TRUE)
unset(_decanter_root)
unset(_decanter_arch)
unset(_decanter_dll)
