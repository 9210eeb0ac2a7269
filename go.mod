module github.com/cantil-py/cantil

go 1.26.0
