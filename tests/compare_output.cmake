# Runs PROGRAM and compares what it prints with the file EXPECTED.
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE printed RESULT_VARIABLE result)
file(READ ${EXPECTED} wanted)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "the program ended with ${result}")
endif()
if(NOT printed STREQUAL wanted)
    message(FATAL_ERROR "printed:\n${printed}\nexpected:\n${wanted}")
endif()
